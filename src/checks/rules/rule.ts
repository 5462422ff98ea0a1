/** One thing that a rule says, in its one canonical spelling. */
export interface Item {
  readonly negated: boolean
  /** The match that the option belongs to, or `-j TARGET`; empty for what every rule knows, such as `-s`. */
  readonly match: string
  /** The long name, as `--destination-port`; empty for a match that says all by its name, such as `-m socket`. */
  readonly option: string
  /** Normalised; empty for an option without a value. */
  readonly value: string
  /** As it was written, for people. */
  readonly text: string
}

/** A rule by its meaning, sorted: two rules mean the same if their items have the same keys. */
export type Rule = readonly Item[]

/** Equal for two items that mean the same. */
export function itemKey({ negated, match, option, value }: Item): string {
  return `${match} ${option}${negated ? ' !' : ''} ${value}`
}

/** Equal for two rules that mean the same. */
export function ruleKey(rule: Rule): string {
  return rule.map(itemKey).join('\n')
}

/**
 * Whether a rule that is there is the one that is wanted. What is there may have a comment that nobody asked for; a
 * comment that is wanted must be the same.
 */
export function isSameRule(wanted: Rule, found: Rule): boolean {
  return ruleKey(wanted) === ruleKey(withoutExtraComment(found, wanted))
}

/** The one option in which a rule differs from the wanted one, as a sentence; undefined if there is more than one. */
export function nearMiss(wanted: Rule, found: Rule): string | undefined {
  const there = withoutExtraComment(found, wanted)
  const missing = without(wanted, there)
  const extra = without(there, wanted)
  const has = said(extra)
  const lacks = said(missing)
  if (missing.length === 0) return extra.length === 1 ? `it also has \`${has}\`` : undefined
  if (extra.length === 0) return missing.length === 1 ? `it lacks \`${lacks}\`` : undefined
  const subjects = new Set([...missing, ...extra].map(subject))
  return subjects.size === 1 ? `it has \`${has}\` instead of \`${lacks}\`` : undefined
}

function withoutExtraComment(found: Rule, wanted: Rule): Rule {
  const isComment = ({ match }: Item) => match === 'comment'
  return wanted.some(isComment) ? found : found.filter((item) => !isComment(item))
}

function without(rule: Rule, other: Rule): Item[] {
  const rest = other.map(itemKey)
  return rule.filter((item) => {
    const index = rest.indexOf(itemKey(item))
    if (index >= 0) rest.splice(index, 1)
    return index < 0
  })
}

/** What an item is about: a target and its options are about one thing, namely what happens to the packet. */
function subject({ match, option }: Item): string {
  return option === '--jump' || option === '--goto' || match.startsWith('-j ') ? 'target' : `${match} ${option}`
}

function said(items: readonly Item[]): string {
  const isTarget = ({ option }: Item) => option === '--jump' || option === '--goto'
  const target = items.filter(isTarget)
  return [...target, ...items.filter((item) => !isTarget(item))].map(({ text }) => text).join(' ')
}
