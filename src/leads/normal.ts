import { createHash } from 'node:crypto'
import type { Lab } from '../lab/lab.ts'
import { parseSubnet, type Subnet, sizeOf } from '../lab/subnet.ts'

/** Makes commands of students with different values comparable. */
export class Normalizer {
  readonly #subnets: (readonly [name: string, text: string, subnet: Subnet])[] = []
  readonly #words: (readonly [name: string, pattern: RegExp])[] = []

  constructor({ params, values }: Pick<Lab, 'params' | 'values'>) {
    for (const [name, param] of params) {
      const value = values[name] ?? ''
      const subnet = param.kind === 'subnet' ? parseSubnet(value) : undefined
      if (subnet) this.#subnets.push([name, value, subnet])
      else if (value !== '' && !param.hidden) this.#words.push([name, wordPattern(value)])
    }
  }

  /** A command with the names of values in their place, and one blank where there were several. */
  normal(text: string): string {
    let normal = text
      .trim()
      .replaceAll(/\s+/g, ' ')
      .replace(/^sudo /, '')
    for (const [name, value] of this.#subnets) normal = normal.replaceAll(value, `{{${name}}}`)
    normal = normal.replaceAll(ADDRESS, (address) => this.#nameOf(address) ?? address)
    for (const [name, pattern] of this.#words) normal = normal.replaceAll(pattern, `{{${name}}}`)
    return normal
  }

  #nameOf(text: string): string | undefined {
    const address = addressOf(text)
    for (const [name, , subnet] of this.#subnets) {
      if (address !== undefined && address >= subnet.base && address < subnet.base + sizeOf(subnet))
        return `{{${name}+${address - subnet.base}}}`
    }
    return undefined
  }
}

/** What is alike in the text of all that know it: 48 bits, so that a class of thousands fits into memory. */
export function shortHash(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}

export const ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g

/** An IPv4 address as a number; undefined if it is none. */
export function addressOf(text: string): number | undefined {
  return parseSubnet(`${text}/32`)?.base
}

function wordPattern(value: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_.])${value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![A-Za-z0-9_]|\\.\\d)`, 'g')
}
