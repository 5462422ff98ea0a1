import { z } from 'zod'

/** How much a rule must have counted: over the watched command, or since it was made. */
export interface Amount {
  readonly watched: boolean
  readonly operator: '=' | '>=' | '>' | '<=' | '<'
  readonly number: number
}

const AMOUNT = /^\s*(\+|>=|>|<=|<)?\s*(\d+)\s*$/

/** Keeps its text: values may be filled in later. */
export const amountSchema = z
  .union([z.string(), z.number()], { error: 'expected a number of them' })
  .transform(String)
  .refine((text) => AMOUNT.test(text), { error: 'expected "+1" or ">= 1", or 0 for what is counted in all' })

/** `+1` and `>= 1` are about the watched command; `1` is all that was ever counted. */
export function parseAmount(text: string): Amount {
  const [, sign, digits] = AMOUNT.exec(text) ?? []
  const number = Number(digits)
  if (sign === undefined) return { watched: false, operator: '=', number }
  return { watched: true, operator: sign === '+' ? '=' : (sign as Amount['operator']), number }
}

/** Whether a count is the amount that is wanted. */
export function fits({ operator, number }: Amount, count: number): boolean {
  return {
    '=': count === number,
    '>=': count >= number,
    '>': count > number,
    '<=': count <= number,
    '<': count < number,
  }[operator]
}

/** `1 packet more`, `0 bytes in all`, `>= 3 packets more`. */
export function amountInWords(text: string, unit: 'packet' | 'byte'): string {
  const { watched, operator, number } = parseAmount(text)
  const sign = operator === '=' ? '' : `${operator} `
  return `${sign}${several(number, unit)} ${watched ? 'more' : 'in all'}`
}

/** `1 packet`, `2 packets`. */
export function several(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
