import { isIP, isIPv6 } from 'node:net'
import type { ValueKind } from './pattern.ts'

/** Steps that a comparison may still take, about one for each character or decision. */
export interface Work {
  left: number
}

/** What a kind looks like, and what must not stand just before or after it, so that a value is never cut. */
interface Shape {
  readonly before: string
  readonly value: string
  readonly after: string
}

const SHAPES: Readonly<Record<Exclude<ValueKind, 'ip'>, Shape>> = {
  int: { before: '(?<!\\d)', value: '-?\\d+', after: '(?!\\d)' },
  num: { before: '(?<!\\d)(?<!\\d\\.)', value: '-?\\d+(?:\\.\\d+)?', after: '(?!\\d)' },
  mac: { before: '(?<![\\da-f])(?<![\\da-f]:)', value: '[\\da-f]{2}(?::[\\da-f]{2}){5}', after: '(?!:?[\\da-f])' },
  if: {
    before: '(?<![^\\s/:@])',
    value: '[^\\s/:@]{1,15}(?:@[^\\s/:@]{1,15})?',
    after: '(?![^\\s/:@])',
  },
  hex: { before: '(?<!\\w)', value: '(?:0x)?[\\da-f]+', after: '(?![\\da-f])' },
  time: {
    before: '(?<!\\d)(?<!\\d:)',
    value: '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?',
    after: '(?!\\d)',
  },
}

/**
 * Where a value that begins at `at` may end, the longest first. With `fits`, a value may also be shorter if what
 * follows fits there; without it only the longest counts. `apart`: no such value may already be running at `at`.
 */
export function valueEnds(
  kind: ValueKind,
  line: string,
  at: number,
  { apart, fits, work }: { apart: boolean; fits: ((end: number) => boolean) | undefined; work: Work },
): number[] {
  if (kind === 'ip') return addressEnds(line, at, apart, fits, work)
  const expression = stickyExpression(kind, apart, fits === undefined)
  expression.lastIndex = at
  const longest = expression.exec(line)?.[0].length
  if (longest === undefined) return []
  if (fits === undefined) return [at + longest]
  const ends: number[] = []
  for (let end = at + longest; end > at && work.left > 0; end--) {
    work.left--
    if (!fits(end)) continue
    work.left -= end - at
    if (wholeExpression(kind).test(line.slice(at, end))) ends.push(end)
  }
  return ends
}

const ADDRESS_RUN = /[\da-f:.]{2,45}/iy
const ZONE = /%[\w.-]{1,15}/y
const NOT_BEFORE_ADDRESS = /(?:[\da-f]|[\da-f]:|::|\d\.)$/i

/** An address may be followed by more of its own characters: tcpdump prints `10.0.0.1.80`, ping6 `fe80::1:`. */
function addressEnds(
  line: string,
  at: number,
  apart: boolean,
  fits: ((end: number) => boolean) | undefined,
  work: Work,
): number[] {
  ADDRESS_RUN.lastIndex = at
  const run = ADDRESS_RUN.exec(line)?.[0]
  if (run === undefined || (apart && NOT_BEFORE_ADDRESS.test(line.slice(Math.max(0, at - 2), at)))) return []
  const ends: number[] = []
  for (let length = run.length; length >= 2 && work.left > 0; length--) {
    work.left -= 4
    const address = run.slice(0, length)
    if (isIP(address) === 0) continue
    ZONE.lastIndex = at + length
    const zone = isIPv6(address) ? (ZONE.exec(line)?.[0].length ?? 0) : 0
    for (const end of zone > 0 ? [at + length + zone, at + length] : [at + length]) {
      if (fits === undefined) return /[\da-f]/i.test(line[end] ?? '') ? [] : [end]
      if (fits(end)) ends.push(end)
    }
  }
  return ends
}

const expressions = new Map<string, RegExp>()

function stickyExpression(kind: Exclude<ValueKind, 'ip'>, apart: boolean, longest: boolean): RegExp {
  const { before, value, after } = SHAPES[kind]
  return cached(`${apart ? before : ''}(?:${value})${longest ? after : ''}`, 'iy')
}

function wholeExpression(kind: Exclude<ValueKind, 'ip'>): RegExp {
  return cached(`^(?:${SHAPES[kind].value})$`, 'i')
}

function cached(source: string, flags: string): RegExp {
  const known = expressions.get(source)
  if (known) return known
  const expression = new RegExp(source, flags)
  expressions.set(source, expression)
  return expression
}
