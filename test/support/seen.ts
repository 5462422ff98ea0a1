import { readFileSync } from 'node:fs'

/** Linux as `6.18`: what was recorded with that kernel is looked at. Other tests choose another one before they import. */
const kernel = process.env.LABRUN_SEEN_KERNEL ?? '6.18'

/** What a script of test/fixtures/seen has recorded under that name, as JSON. */
export function seenWithKernel<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/seen/${kernel}/${name}.json`, import.meta.url), 'utf8')) as T
}
