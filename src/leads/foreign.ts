import type { Lead } from '../grade/model.ts'
import type { Param, Params, Values } from '../lab/params.ts'
import { formatAddress, parseSubnet, sizeOf } from '../lab/subnet.ts'
import type { Fingerprint } from './fingerprint.ts'
import { leads } from './words.ts'

/** A student with values of an exam. */
export interface Holder {
  readonly pseudonym: string
  readonly values: Values
  readonly canary: string | null
}

/** Values of which there are fewer are guessed too easily. */
const LEAST_POSSIBLE = 500
/** From this on a single value that is somebody else's says nothing. */
const MOST_CHANCE = 0.2

/** Whose a value is. Values that many share, or that few can be, are in nobody's name. */
export class ValueIndex {
  readonly canaries = new Map<string, string>()
  readonly #holders = new Map<string, string[]>()
  readonly #prefixes = new Set<number>()
  readonly #chances = new Map<string, number>()

  constructor(params: Params, holders: Iterable<Holder>) {
    const telling = [...params].filter(([, param]) => possible(param) >= LEAST_POSSIBLE)
    let count = 0
    for (const { pseudonym, values, canary } of holders) {
      count++
      if (canary) this.canaries.set(canary, pseudonym)
      for (const [name, param] of telling) this.#add(name, param, values[name] ?? '', pseudonym)
    }
    for (const [name, param] of telling) this.#chances.set(name, Math.min(1, count / possible(param)))
  }

  /** Who has a subnet with this address: name of the param and pseudonym. */
  *ofAddress(address: number): Generator<[param: string, pseudonym: string]> {
    for (const prefix of this.#prefixes) {
      const size = sizeOf({ prefix })
      yield* this.#of(`${Math.floor(address / size) * size}/${prefix}`)
    }
  }

  *ofNumber(number: string): Generator<[param: string, pseudonym: string]> {
    yield* this.#of(number)
  }

  /** How probable it is that a value of this param that somebody makes up is a student's. */
  chance(param: string): number {
    return this.#chances.get(param) ?? 1
  }

  #add(name: string, param: Param, value: string, pseudonym: string): void {
    const subnet = param.kind === 'subnet' ? parseSubnet(value) : undefined
    if (param.kind === 'subnet' && !subnet) return
    if (subnet) this.#prefixes.add(subnet.prefix)
    const key = subnet ? `${subnet.base}/${subnet.prefix}` : value
    const list = this.#holders.get(key) ?? []
    this.#holders.set(key, list)
    list.push(`${name} ${pseudonym}`)
  }

  *#of(key: string): Generator<[param: string, pseudonym: string]> {
    const list = this.#holders.get(key) ?? []
    if (list.length > 3) return
    for (const one of list) {
      const [param = '', pseudonym = ''] = one.split(' ')
      yield [param, pseudonym]
    }
  }
}

/** Leads for what of others is in a submission. */
export function foreignLeads(print: Fingerprint, index: ValueIndex): Lead[] {
  const found: Lead[] = []
  for (const canary of print.canaries) {
    const other = index.canaries.get(canary)
    if (other && other !== print.pseudonym) found.push(leads['foreign-canary'](other))
  }
  const used = new Map<string, Map<string, { shown: string; count: number }>>()
  const note = (places: Iterable<[string, string]>, shown: string, count: number) => {
    for (const [param, other] of places) {
      if (other === print.pseudonym) continue
      const params = used.get(other) ?? new Map<string, { shown: string; count: number }>()
      used.set(other, params)
      const before = params.get(param)
      params.set(param, { shown: before?.shown ?? shown, count: (before?.count ?? 0) + count })
    }
  }
  for (const [address, count] of print.addresses) note(index.ofAddress(address), formatAddress(address), count)
  for (const [number, count] of print.numbers) note(index.ofNumber(number), number, count)
  for (const [other, params] of used) {
    const [first] = params
    if (params.size > 1) {
      const shown = [...params].map(([param, { shown: value }]) => `${param} (${value})`)
      found.push(leads['foreign-values'](other, shown))
    } else if (first && first[1].count > 1 && index.chance(first[0]) <= MOST_CHANCE) {
      found.push(leads['foreign-value'](other, `${first[0]} (${first[1].shown})`, index.chance(first[0])))
    }
  }
  return found
}

/** How many values a param can have. */
function possible(param: Param): number {
  if (param.kind === 'pick') return 0
  if (param.kind === 'subnet') return 2 ** (param.prefix - param.within.prefix)
  return param.most - param.least + 1 - param.not.length
}
