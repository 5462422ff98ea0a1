import { type Chain, titleOf } from './firewall.ts'
import type { Device, Network, Place } from './network.ts'

/** What is another than before: a device, a chain or a rule of one; if neither, a whole namespace or machine. */
export interface Change {
  readonly kind: 'new' | 'changed' | 'gone'
  readonly place: string
  readonly device?: string
  /** As `filter FORWARD`. */
  readonly chain?: string
  /** The number that a rule has in its chain; that it had, if it is gone. */
  readonly rule?: number
  /** In words, as `was down, is up`, or a rule itself; may be empty. */
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
  const self: Change[] = before ? [] : [{ kind: 'new', place, what: '' }]
  const then = new Map(before?.devices.map((device) => [device.name, device]))
  return [
    ...self,
    ...devices.flatMap((device): Change[] => {
      const was = then.get(device.name)
      if (!was) return [{ kind: 'new', place, device: device.name, what: describe(device) }]
      const what = difference(was, device)
      return what === '' ? [] : [{ kind: 'changed', place, device: device.name, what }]
    }),
    ...firewallChanges(before?.firewall ?? [], after.firewall).map((change) => ({ ...change, place })),
  ]
}

function goneOf(before: Place, after: Place | undefined): Change[] {
  const { name: place, devices } = before
  if (!after) return [{ kind: 'gone', place, what: '' }]
  const left = new Set(after.devices.map(({ name }) => name))
  const lost = devices.filter(({ name }) => !left.has(name))
  return [
    ...lost.map(({ name: device }): Change => ({ kind: 'gone', place, device, what: '' })),
    ...firewallLosses(before.firewall, after.firewall).map((change) => ({ ...change, place })),
  ]
}

type ChainChange = Omit<Change, 'place'>

function firewallChanges(before: readonly Chain[], after: readonly Chain[]): ChainChange[] {
  const builtIn = before.filter(({ policy }) => policy !== undefined)
  // A chain that somebody has made cannot be as before where it was not; one of iptables had nothing to say then.
  const emptied = builtIn.filter((was) => !after.some((chain) => titleOf(chain) === titleOf(was)))
  const now = [...after, ...emptied.map((chain): Chain => ({ ...chain, policy: 'ACCEPT', rules: [] }))]
  return now.flatMap((chain) => {
    const title = titleOf(chain)
    const was = before.find((one) => titleOf(one) === title)
    const policy = was ? was.policy : chain.policy && 'ACCEPT'
    return [
      ...(was || chain.policy ? [] : [{ kind: 'new' as const, chain: title, what: '' }]),
      ...(policy === chain.policy
        ? []
        : [{ kind: 'changed' as const, chain: title, what: `policy was ${policy}, is ${chain.policy}` }]),
      ...additional(chain.rules, was?.rules ?? []).map(ruleChange('new', title)),
    ]
  })
}

function firewallLosses(before: readonly Chain[], after: readonly Chain[]): ChainChange[] {
  return before.flatMap((chain): ChainChange[] => {
    const title = titleOf(chain)
    const now = after.find((one) => titleOf(one) === title)
    if (!now && chain.policy === undefined) return [{ kind: 'gone', chain: title, what: '' }]
    return additional(chain.rules, now?.rules ?? []).map(ruleChange('gone', title))
  })
}

function ruleChange(kind: 'new' | 'gone', chain: string) {
  return ([rule, what]: readonly [number, string]): ChainChange => ({ kind, chain, rule, what })
}

/** The rules that the others do not have, with their numbers; of equal ones the last. */
function additional(rules: readonly string[], others: readonly string[]): [number, string][] {
  const left = [...others]
  return rules.flatMap((rule, index): [number, string][] => {
    const match = left.indexOf(rule)
    if (match < 0) return [[index + 1, rule]]
    left.splice(match, 1)
    return []
  })
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
