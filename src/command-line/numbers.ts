import { InvalidArgumentError } from 'commander'

/** A whole number from 1 on, as the value of an option. */
export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a number of 1 or more')
  return value
}
