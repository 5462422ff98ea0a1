import { createHmac } from 'node:crypto'
import type { Param, Params, PickParam, SubnetParam, Values } from '../lab/params.ts'
import { formatSubnet, overlaps, parseSubnet, type Subnet, sizeOf } from '../lab/subnet.ts'

/** Whose values a student gets: 32 bytes that only the instructor has, the lab, and the student's pseudonym. */
export interface Drawer {
  readonly secret: Uint8Array
  readonly lab: string
  readonly pseudonym: string
}

/**
 * One student's values. The drawing is frozen: the same secret, lab and pseudonym give the same values with every
 * labrun (test vectors: test/fixtures/draw.json). Throws DrawError where there is no room for a subnet.
 */
export function drawValues(params: Params, drawer: Drawer): Values {
  const values: Record<string, string> = {}
  const subnets: Subnet[] = []
  for (const [name, param] of params) {
    const next = numbers(drawer, name)
    if (param.kind === 'subnet') {
      const subnet = drawSubnet(name, param, subnets, next)
      subnets.push(subnet)
      values[name] = formatSubnet(subnet)
    } else values[name] = param.kind === 'int' ? intAt(param, next(sizeOfInt(param))) : drawPicks(param, next)
  }
  return values
}

/** The values of those who have no ticket: anybody can draw them. Throws DrawError. */
export function practiceValues(params: Params, lab: string, student = 'anyone'): Values {
  return drawValues(params, { secret: new Uint8Array(32), lab, pseudonym: student })
}

/** There are no values for a student. */
export class DrawError extends Error {
  readonly param: string

  constructor(param: string, message: string) {
    super(message)
    this.name = 'DrawError'
    this.param = param
  }
}

/** How many values an `int` has. */
export function sizeOfInt({ least, most, not }: Param & { kind: 'int' }): number {
  return most - least + 1 - not.length
}

/** The allowed value of that index, in rising order. */
export function intAt({ least, not }: Param & { kind: 'int' }, index: number): string {
  let value = least + index
  for (const one of not) if (one <= value) value++
  return String(value)
}

/** The subnet of that index. */
export function subnetAt({ within, prefix }: SubnetParam, index: number): Subnet {
  return { base: within.base + index * sizeOf({ prefix }), prefix }
}

type NextNumber = (below: number) => number

/** Numbers that are all equally likely; one param's blocks are used one after the other. */
function numbers({ secret, lab, pseudonym }: Drawer, param: string): NextNumber {
  let block = 0
  return (below) => {
    const n = BigInt(below)
    const limit = (2n ** 64n / n) * n
    for (;;) {
      const counter = Buffer.alloc(4)
      counter.writeUInt32BE(block++)
      const hmac = createHmac('sha256', secret).update(['labrun-params-1', lab, pseudonym, param, ''].join('\0'))
      const number = hmac.update(counter).digest().readBigUInt64BE()
      if (number < limit) return Number(number % n)
    }
  }
}

function drawPicks({ pick, count }: PickParam, next: NextNumber): string {
  const left = [...pick]
  return Array.from({ length: count }, () => left.splice(next(left.length), 1)[0]!).join(' ')
}

const MOST_DRAWS = 1000

function drawSubnet(name: string, param: SubnetParam, before: readonly Subnet[], next: NextNumber): Subnet {
  const places = 2 ** (param.prefix - param.within.prefix)
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const subnet = subnetAt(param, next(places))
    if (!before.some((one) => overlaps(one, subnet))) return subnet
  }
  throw new DrawError(
    name,
    `the param ${name} found no subnet that is free after ${MOST_DRAWS} draws: take it from a larger network`,
  )
}

/** Whether the subnets of values are apart from each other, as drawn ones always are. */
export function subnetsAreApart(params: Params, values: Values): boolean {
  const subnets = [...params].flatMap(([name, { kind }]) =>
    kind === 'subnet' ? (parseSubnet(values[name] ?? '') ?? []) : [],
  )
  return subnets.every((one, index) => subnets.slice(index + 1).every((other) => !overlaps(one, other)))
}
