/** What other programs may import. */
export { checks } from './checks/index.ts'
export { practiceValues } from './exam/draw.ts'
export type { Block, CheckItem, Command, Lab, Section, Step, WorldSpec } from './lab/lab.ts'
export type { Param, Params, Values } from './lab/params.ts'
export { type ChooseValues, type ParseResult, parseLab } from './lab/parse.ts'
export { formatProblem, LabError, type Problem } from './lab/problem.ts'
export { localMachine } from './machine/local.ts'
export type { Machine, MachineProcess } from './machine/machine.ts'
export { connectSsh, type SshTarget } from './machine/ssh.ts'
export { vagrantEnvironment } from './machine/vagrant.ts'
export { connectVm, type VmChoices, type VmStage } from './machine/virtual-machine.ts'
export type { NumberedEvent, RunEvent } from './run/events.ts'
export type {
  BlockResult,
  CheckResult,
  CommandResult,
  LabResult,
  RunResult,
  Status,
  StepResult,
} from './run/results.ts'
export { type LabRun, runLab } from './run/run-lab.ts'
export { GRADING_LIMITS, USUAL_LIMITS, type WorldLimits } from './world/limits.ts'
export { ProbeError } from './world/probes.ts'
export { WorldError } from './world/trouble.ts'
export { World, type WorldOptions } from './world/world.ts'
