import type { CheckResult } from '../../run/results.ts'
import type { GuideView } from '../view.ts'
import type { Notice } from './notice.ts'

/** Looks at all checks of a stage and shows what came of it, or `nothing` where there are none; resolves to the first that does not hold. */
export async function tellAll(
  notice: Notice | undefined,
  view: GuideView,
  nothing: string,
  signal: AbortSignal,
): Promise<CheckResult | undefined> {
  if (!notice || notice.checks.length === 0) {
    view.say(`  ${nothing}`)
    return undefined
  }
  let failed: CheckResult | undefined
  for await (const result of notice.lookAtAll(signal, (check) => view.looking(check))) {
    view.verdict(result)
    if (result.status !== 'passed') failed ??= result
  }
  if (!failed && !signal.aborted) view.dim('  All of it holds: next goes on.')
  return failed
}

/** What is wrong and how that is known; where nothing is, the reasons that the author gives. */
export async function tellWhy(notice: Notice | undefined, view: GuideView, signal: AbortSignal): Promise<void> {
  const reasons: string[] = []
  let hasFailed = false
  for await (const result of notice?.lastResults(signal) ?? []) {
    if (result.status !== 'passed') view.verdict(result)
    else if (result.why) reasons.push(result.why)
    hasFailed ||= result.status !== 'passed'
  }
  if (hasFailed) return
  if (reasons.length === 0) view.say('  Nothing is wrong here, and there is nothing more to say of it.')
  for (const reason of reasons) view.prose(reason)
}
