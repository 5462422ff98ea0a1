import { z } from 'zod'

/** A device of a place: `net1/veth1`; without a place it is on the host. */
export interface Device {
  readonly place: string
  readonly device: string
}

// `{{name}}` stands for a remembered value, which is filled in when the check is made.
const DEVICE = /^(?:([\w.{}-]+)\/)?([^\s/]{1,15}|\{\{\w+\}\})$/

export const deviceSchema = z
  .string()
  .regex(DEVICE, { error: 'expected a device: veth1 on the host, or net1/veth1 in a namespace' })
  .transform(parseDevice)

export const placeSchema = z
  .string()
  .regex(/^[\w.{}-]+$/, { error: 'expected host, a namespace or an outside machine' })

export function parseDevice(text: string): Device {
  const [, place = 'host', device = ''] = DEVICE.exec(text) ?? []
  return { place, device }
}

export function deviceName({ place, device }: Device): string {
  return place === 'host' ? device : `${place}/${device}`
}

/** `net1 -> 10.0.0.2`: from a place to an address or name. */
export const fromToSchema = z
  .string()
  .regex(/^\s*[\w.{}-]+\s*->\s*\S+\s*$/, { error: 'expected FROM -> ADDRESS, as net1 -> 10.0.0.2' })
  .transform((text) => {
    const [from = '', to = ''] = text.split('->').map((part) => part.trim())
    return { from, to }
  })

/** One value or a list of them. */
export function oneOrMore<T extends z.ZodType>(schema: T) {
  return z
    .union([schema, z.array(schema).nonempty()], { error: 'expected one value or a list of them' })
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[])
}
