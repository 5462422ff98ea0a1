import type { CheckItem, Lab, Step } from '../lab/lab.ts'
import type { CheckResult } from '../run/results.ts'
import { failsMeanwhile, holdsAlone, holdsSince } from './before.ts'
import { provingPlaces } from './elsewhere.ts'
import { type Doubt, doubt } from './messages.ts'
import type { VerifyChoices } from './verify-lab.ts'

export interface Looks {
  /** What the check said before its step; undefined: it was not reached. */
  readonly first: CheckResult | undefined
  /** It holds after the step. */
  readonly passed: boolean
}

/**
 * What keeps a check from being a proof, if anything. Where the first look left something open, worlds of their own
 * are built to find out, and to tell the author what to do.
 */
export async function doubtAbout(
  item: CheckItem,
  { first, passed }: Looks,
  { lab, step, choices }: { readonly lab: Lab; readonly step: Step; readonly choices: VerifyChoices },
): Promise<Doubt | undefined> {
  const values = { check: item.label, step: step.title, seen: firstLine(first?.actual ?? 'it was not reached') }
  const held = first?.status === 'passed'
  if (item.guards) return held ? undefined : doubt('guard', item, values)
  if (held) {
    if (!(await holdsAlone(lab, step, item, choices))) return undefined
    return await explainVacuous(item, values, { lab, step, choices })
  }
  if (!passed) return undefined
  if (!first) return doubt('unseen', item, values)
  const unknown = first.status === 'error' && choices.kinds.get(item.check)!.isNegative(item.spec)
  if (!unknown || (await failsMeanwhile(lab, step, item, choices))) return undefined
  return doubt('negative', item, values)
}

/** Looks for the mistake that the author may have made: the wrong place, or the wrong step. */
async function explainVacuous(
  item: CheckItem,
  values: Readonly<Record<string, string>>,
  { lab, step, choices }: { readonly lab: Lab; readonly step: Step; readonly choices: VerifyChoices },
): Promise<Doubt> {
  const places = await provingPlaces(lab, step, item, choices)
  if (places.length > 0) {
    const names = places.map((place) => `\`${place}\``).join(' or ')
    return doubt('wrong-place', item, { ...values, places: names })
  }
  const earlier = await holdsSince(lab, step, item, choices)
  return earlier ? doubt('from-earlier', item, { ...values, earlier: earlier.title }) : doubt('vacuous', item, values)
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.replace(/^could not find out: /, '')
}
