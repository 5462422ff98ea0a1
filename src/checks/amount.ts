import { z } from 'zod'

/** `4`, or a comparison: `">= 1"`. */
export interface Amount {
  readonly operator: '=' | '<' | '<=' | '>' | '>='
  readonly value: number
}

const AMOUNT = /^\s*(<=|>=|<|>|=)?\s*(\d+)\s*$/

export const amountSchema = z
  .union([z.int().nonnegative(), z.string().regex(AMOUNT)], { error: 'expected a number, or a comparison as ">= 1"' })
  .transform((written): Amount => {
    const [, operator = '=', value] = AMOUNT.exec(String(written)) ?? []
    return { operator: operator as Amount['operator'], value: Number(value) }
  })

export function fits(seen: number, { operator, value }: Amount): boolean {
  if (operator === '=') return seen === value
  if (operator === '<') return seen < value
  if (operator === '<=') return seen <= value
  return operator === '>' ? seen > value : seen >= value
}

/** `4`, `>= 1` */
export function amountText({ operator, value }: Amount): string {
  return operator === '=' ? String(value) : `${operator} ${value}`
}
