import type { CheckItem, Lab, Step } from '../lab/lab.ts'
import { RunStopped } from '../run/pace.ts'
import { runLab } from '../run/run-lab.ts'
import type { World } from '../world/world.ts'
import { look } from './before.ts'
import type { VerifyChoices } from './verify-lab.ts'

/**
 * The places at which a check that proves nothing where it looks would fail before its step and pass after it: `host`,
 * namespaces, outside machines. Empty for a check that watches, or that looks at no place.
 */
export async function provingPlaces(lab: Lab, step: Step, item: CheckItem, choices: VerifyChoices): Promise<string[]> {
  const place = placeOf(item)
  const kind = choices.kinds.get(item.check)!
  if (place === undefined || kind.watches) return []
  const isNegative = kind.isNegative(item.spec)
  const common = { ...choices, emit: () => {}, withChecks: false }
  const places: string[] = []
  await runLab(lab, {
    ...common,
    afterStep: async (at, run) => {
      if (at !== step) return
      for (const other of (await placesIn(run.world)).filter((one) => one !== place).slice(0, MOST_PLACES))
        if ((await look(movedTo(item, other), run, { once: true })).status === 'passed') places.push(other)
      throw new RunStopped()
    },
  })
  if (places.length === 0) return []
  const proving: string[] = []
  await runLab(lab, {
    ...common,
    afterSetup: async (at, run) => {
      if (at !== step) return
      for (const other of places) {
        const { status } = await look(movedTo(item, other), run, { once: true })
        if (status === 'failed' || (status === 'error' && !isNegative)) proving.push(other)
      }
      throw new RunStopped()
    },
  })
  return proving
}

const MOST_PLACES = 12

async function placesIn(world: World): Promise<string[]> {
  const { stdout } = await world.probe('host', ['ip', 'netns', 'list'])
  // NAME (id: N)
  const namespaces = stdout.split('\n').flatMap((line) => line.split(' ')[0] || [])
  return ['host', ...namespaces.toSorted(), ...world.outside]
}

/** Where a check looks; undefined where it has no place, or one that is not known yet. */
function placeOf({ check, spec }: CheckItem): string | undefined {
  const { in: place, [check]: subject } = spec as Record<string, unknown>
  if (typeof place === 'string') return place
  if (typeof subject !== 'object' || subject === null) return undefined
  if ('place' in subject) return String(subject.place)
  return 'from' in subject ? String(subject.from) : undefined
}

function movedTo(item: CheckItem, place: string): CheckItem {
  const { check } = item
  const spec = item.spec as Record<string, unknown>
  if (typeof spec.in === 'string') return { ...item, spec: { ...spec, in: place } }
  const subject = spec[check] as object
  const moved = 'place' in subject ? { ...subject, place } : { ...subject, from: place }
  return { ...item, spec: { ...spec, [check]: moved } }
}
