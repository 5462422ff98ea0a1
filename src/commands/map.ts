import { writeFileSync } from 'node:fs'
import { checks } from '../checks/index.ts'
import { didYouMean } from '../lab/suggest.ts'
import { RunStopped } from '../run/pace.ts'
import { runLab } from '../run/run-lab.ts'
import { printableJson } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { toMermaid } from '../topology/mermaid.ts'
import { type Network, readNetwork } from '../topology/network.ts'
import { toSvg } from '../topology/svg.ts'
import { type TextOptions, toText } from '../topology/text.ts'
import { findLab, LabNotFound, loadLab, stepsBefore } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { standardSink } from './sinks.ts'
import { type ValueOptions, valuesFrom } from './values.ts'
import { Where } from './where.ts'

export interface MapOptions extends PlaceOptions, ValueOptions {
  readonly format: 'text' | 'mermaid' | 'svg' | 'json'
  readonly output?: string
}

/** `labrun map LAB[#step]`: the network as it is after a step; without one, at the end of the lab. */
export async function map(name: string, options: MapOptions, { signal }: Surroundings): Promise<number> {
  const { format, output } = options
  const [file = '', stepId] = name.split('#')
  const lab = loadLab(findLab(file), checks, valuesFrom(options))
  const last = stepId === undefined ? lab.steps.length - 1 : lab.steps.findIndex((step) => step.id === stepId)
  if (last < 0) {
    const ids = lab.steps.map((step) => step.id)
    throw new LabNotFound(
      `${lab.id} has no step ${stepId}\n  ${didYouMean(stepId!, ids) ?? `steps: ${ids.join(', ')}`}`,
    )
  }
  let network: Network | undefined
  const where = new Where(options, signal)
  const result = await runLab(lab, {
    openWorld: where.openWorld,
    kinds: checks,
    emit: () => {},
    signal,
    before: stepsBefore(lab, checks),
    withChecks: false,
    afterStep: async (step, run) => {
      if (step !== lab.steps[last]) return
      network = await readNetwork(run.world)
      throw new RunStopped()
    },
  })
  await where.close()
  if (!network) {
    process.stderr.write(`labrun: ${result.trouble ?? 'the lab did not come to that step'}\n`)
    return 2
  }
  const text = draw(network, format, output ? { width: 100, colour: false } : standardSink())
  if (output) writeFileSync(output, text)
  else process.stdout.write(text)
  return 0
}

function draw(network: Network, format: MapOptions['format'], room: TextOptions): string {
  if (format === 'mermaid') return toMermaid(network)
  if (format === 'svg') return toSvg(network)
  if (format === 'json') return `${printableJson(network)}\n`
  return toText(network, room)
}
