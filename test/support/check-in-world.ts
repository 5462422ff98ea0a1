import { checks } from '../../src/checks/index.ts'
import type { CheckItem } from '../../src/lab/lab.ts'
import type { CheckResult } from '../../src/run/results.ts'
import { armCheck, type CheckRun, runCheck } from '../../src/run/run-check.ts'
import type { World } from '../../src/world/world.ts'
import { fence, onlyStep } from './lab-text.ts'

/** Makes a check, given as the lines of its item: `tcp: host -> 10.0.0.1:80`, `expect: refused`. */
export async function makeCheck(world: World, ...lines: readonly string[]): Promise<CheckResult> {
  return (await runCheck(itemOf(lines), runIn(world))).result
}

/** Makes a watching check around `work`. */
export async function watch(
  world: World,
  lines: readonly string[],
  work: () => Promise<unknown>,
): Promise<CheckResult> {
  const item = itemOf(lines)
  const armed = await armCheck(item, runIn(world))
  await work()
  return (await runCheck(item, runIn(world), armed)).result
}

function itemOf([first = '', ...others]: readonly string[]): CheckItem {
  const step = onlyStep(fence('sh', 'true'), fence('yaml check', `- ${first}`, ...others.map((line) => `  ${line}`)))
  return step.items.find((item) => item.kind === 'check')!
}

function runIn(world: World): CheckRun {
  return {
    world,
    kinds: checks,
    remembered: new Map(),
    signal: new AbortController().signal,
    artefacts: undefined,
  }
}
