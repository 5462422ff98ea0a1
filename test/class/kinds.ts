import { Chance } from './chance.ts'

/**
 * What students are like: all right; the last steps left out; one command forgotten; too late; what another has typed, to
 * the letter; the same with the own values; with a log that was changed; a file that is no submission; one that tries to
 * do harm; nothing at all.
 */
export const KINDS = [
  'right',
  'half',
  'mistaken',
  'late',
  'copied',
  'shared',
  'forged',
  'broken',
  'hostile',
  'missing',
] as const

export type Kind = (typeof KINDS)[number]

/** Of twenty students; the first ten have all kinds. */
const TWENTY: readonly Kind[] = [
  ...KINDS,
  ...(['right', 'right', 'right', 'right', 'right', 'half', 'half', 'half', 'mistaken', 'mistaken'] as const),
]

/** What the student of an index is like. In every twenty there is the same mixture, in another order. */
export function kindOf(seed: string, size: number, index: number): Kind {
  const group = Math.floor(index / TWENTY.length)
  const members = Math.min(TWENTY.length, size - group * TWENTY.length)
  return new Chance(seed, 'kinds', group).shuffled(TWENTY.slice(0, members))[index % TWENTY.length]!
}

/** From whom a student of that index copies: the first of the twenty who is right. */
export function modelOf(seed: string, size: number, index: number): number {
  const group = Math.floor(index / TWENTY.length) * TWENTY.length
  for (let other = group; other < size; other++) if (kindOf(seed, size, other) === 'right') return other
  return index
}
