import { checks } from '../checks/index.ts'
import { LabError } from '../lab/problem.ts'
import { packageVersion } from '../package.ts'
import type { ReporterChoice } from '../reporters/index.ts'
import { type Emit, numbered } from '../run/events.ts'
import { exitCode, type LabResult, worst } from '../run/results.ts'
import { type OpenWorld, runLab } from '../run/run-lab.ts'
import type { Surroundings } from '../surroundings.ts'
import { closeArtefacts, openArtefacts } from './artefacts.ts'
import { findLabs, LabNotFound, loadLab, stepsBefore } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { openReporters } from './sinks.ts'
import { whyUnreadable } from './trouble.ts'
import { type ValueOptions, valuesFrom } from './values.ts'
import { Where } from './where.ts'

export interface RunOptions extends PlaceOptions, ValueOptions {
  readonly reporters: readonly ReporterChoice[]
  readonly bail: boolean
  readonly map?: boolean
  /** A folder for captured packets; undefined: the usual one. */
  readonly artefacts?: string | undefined
}

/** `labrun run`: one lab after the other; one that cannot be read does not keep the others from running. */
export async function run(names: readonly string[], options: RunOptions, { signal }: Surroundings): Promise<number> {
  const files = findLabs(names)
  const choices = options.reporters.length > 0 ? options.reporters : [{ name: 'text' as const }]
  const { listeners, close } = await openReporters(choices)
  const emit = numbered(listeners)
  emit({ type: 'run-start', labrun: packageVersion(), labs: files })
  const labs: LabResult[] = []
  const where = new Where(options, signal)
  for (const file of files) {
    if (signal.aborted) break
    labs.push(await runFile(file, { ...options, openWorld: where.openWorld }, emit, signal))
  }
  await where.close()
  const status = signal.aborted
    ? worst([...labs.map((lab) => lab.status), 'skipped'])
    : worst(labs.map((lab) => lab.status))
  emit({ type: 'run-end', result: { status, labs } })
  close()
  return exitCode(status)
}

async function runFile(
  file: string,
  options: RunOptions & { openWorld: OpenWorld },
  emit: Emit,
  signal: AbortSignal,
): Promise<LabResult> {
  try {
    const lab = loadLab(file, checks, valuesFrom(options))
    const before = stepsBefore(lab, checks)
    const artefacts = openArtefacts(lab.id, options.artefacts)
    const result = await runLab(lab, {
      openWorld: options.openWorld,
      kinds: checks,
      emit,
      signal,
      bail: options.bail,
      withNetwork: options.map ?? false,
      before,
      ...(artefacts ? { artefacts } : {}),
    })
    const kept = artefacts ? closeArtefacts(artefacts, options.artefacts) : []
    if (artefacts && kept.length > 0) emit({ type: 'artefacts', lab: lab.id, folder: artefacts, files: kept })
    return result
  } catch (error) {
    if (!(error instanceof LabError || error instanceof LabNotFound)) throw error
    return tellUnreadable(file, error, emit)
  }
}

function tellUnreadable(file: string, error: LabError | LabNotFound, emit: Emit): LabResult {
  const { message, problems } = whyUnreadable(error)
  const ledger = { planned: 0, passed: 0, failed: 0, blocked: 0, error: 0, skipped: 0 }
  const result = {
    lab: file.replace(/^.*\/|\.md$/g, ''),
    file,
    title: file,
    status: 'error',
    trouble: message,
    steps: [],
    ledger,
    duration: 0,
  } as const
  emit({
    type: 'lab-trouble',
    file,
    lab: result.lab,
    message,
    remedies: ['`labrun lint` shows the mistakes without running the lab'],
    ...(problems ? { problems } : {}),
  })
  emit({ type: 'lab-end', result })
  return result
}
