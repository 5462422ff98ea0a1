import type { Device, Network, Place } from './network.ts'

/** What is another than before. `device` is undefined for a whole namespace or machine. */
export interface Change {
  readonly kind: 'new' | 'changed' | 'gone'
  readonly place: string
  readonly device: string | undefined
  /** Only there where it is a rule of the table nat; then `device` is `nat`. */
  readonly rule?: string
  /** In words, as `was down, is up`; may be empty. */
  readonly what: string
}

/** What has changed between two looks at a network, in the order of the picture; what is gone comes last. */
export function networkChanges(before: Network, after: Network): Change[] {
  const then = new Map(before.places.map((place) => [place.name, place]))
  const now = new Map(after.places.map((place) => [place.name, place]))
  const appeared = after.places.flatMap((place) => placeChanges(then.get(place.name), place))
  const gone = before.places.flatMap((place) => goneOf(place, now.get(place.name)))
  return [...appeared, ...gone]
}

function placeChanges(before: Place | undefined, after: Place): Change[] {
  const { name: place, devices } = after
  const self: Change[] = before ? [] : [{ kind: 'new', place, device: undefined, what: '' }]
  const then = new Map(before?.devices.map((device) => [device.name, device]))
  return [
    ...self,
    ...devices.flatMap((device): Change[] => {
      const was = then.get(device.name)
      if (!was) return [{ kind: 'new', place, device: device.name, what: describe(device) }]
      const what = difference(was, device)
      return what === '' ? [] : [{ kind: 'changed', place, device: device.name, what }]
    }),
    ...without(after.nat, before?.nat ?? []).map((rule) => ruleChange('new', place, rule)),
  ]
}

function goneOf(before: Place, after: Place | undefined): Change[] {
  const { name: place, devices } = before
  if (!after) return [{ kind: 'gone', place, device: undefined, what: '' }]
  const left = new Set(after.devices.map(({ name }) => name))
  const lost = devices.filter(({ name }) => !left.has(name))
  return [
    ...lost.map(({ name: device }): Change => ({ kind: 'gone', place, device, what: '' })),
    ...without(before.nat, after.nat).map((rule) => ruleChange('gone', place, rule)),
  ]
}

function ruleChange(kind: 'new' | 'gone', place: string, rule: string): Change {
  return { kind, place, device: 'nat', rule, what: `rule ${rule}` }
}

function difference(before: Device, after: Device): string {
  const changes = [
    ...(before.state === after.state ? [] : [`was ${before.state}, is ${after.state}`]),
    ...without(after.addresses, before.addresses).map((address) => `new address ${address}`),
    ...without(before.addresses, after.addresses).map((address) => `address ${address} is gone`),
  ]
  if (before.master !== after.master)
    changes.push(after.master ? `is a port of ${after.master}` : `is no port of ${before.master} any more`)
  if (before.type !== after.type) changes.push(`was of type ${before.type}, is ${after.type}`)
  return changes.join(', ')
}

function describe({ state, addresses, master }: Device): string {
  return [state, ...addresses, ...(master ? [`port of ${master}`] : [])].join(', ')
}

function without(all: readonly string[], others: readonly string[]): string[] {
  return all.filter((one) => !others.includes(one))
}
