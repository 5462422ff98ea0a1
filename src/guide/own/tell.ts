import type { CheckResult } from '../../run/results.ts'
import type { GuideView } from '../view.ts'
import type { Notice } from './notice.ts'

/** Looks at all checks of a stage and shows what came of it; resolves to the first that does not hold. */
export async function tellAll(
  notice: Notice | undefined,
  view: GuideView,
  signal: AbortSignal,
): Promise<CheckResult | undefined> {
  if (!notice || notice.checks.length === 0) {
    view.say('  There is nothing to check here: next goes on.')
    return undefined
  }
  const results = await notice.lookAtAll(signal)
  for (const result of results) view.verdict(result)
  const failed = results.find(({ status }) => status !== 'passed')
  if (!failed) view.dim('  All of it holds: next goes on.')
  return failed
}

/** What is wrong and how that is known; where nothing is, the reasons that the author gives. */
export async function tellWhy(notice: Notice | undefined, view: GuideView, signal: AbortSignal): Promise<void> {
  const results = (await notice?.lookAtAll(signal)) ?? []
  const failed = results.filter(({ status }) => status !== 'passed')
  for (const result of failed) view.verdict(result)
  if (failed.length > 0) return
  const reasons = results.flatMap(({ why }) => (why ? [why] : []))
  if (reasons.length === 0) view.say('  Nothing is wrong here, and there is nothing more to say of it.')
  for (const reason of reasons) view.prose(reason)
}
