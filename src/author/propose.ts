import type { Cable, CableEnd, Device } from '../topology/network.ts'
import type { Proposal } from './draft.ts'
import type { Facts, PlaceFacts } from './facts.ts'
import { changedRules } from './propose-rules.ts'

/** A command that was typed, and that has ended well. */
export interface Done {
  readonly text: string
  readonly terminal: string
}

/** More than so many are no help to anybody. */
const MOST = 12

/** Checks of what has changed in a world between two moments, and of what the commands between them have shown. */
export function proposeChecks(before: Facts, after: Facts, done: readonly Done[]): Proposal[] {
  const cables = changedCables(before, after)
  const told = new Set(cables.flatMap((cable) => cable.told))
  const proposals = [
    ...changedNamespaces(before, after),
    ...cables.map(({ proposal }) => proposal),
    ...[...after.places].flatMap(([place, now]) => changedDevices(place, before, now, after, told)),
    ...[...after.places].flatMap(([place, now]) => changedPlace(place, before.places.get(place), now)),
    ...done.flatMap((command) => reached(command, after)),
  ]
  const texts = proposals.map((proposal) => JSON.stringify(proposal))
  return proposals.filter((_, index) => texts.indexOf(texts[index]!) === index).slice(0, MOST)
}

function changedNamespaces(before: Facts, after: Facts): Proposal[] {
  const names = ({ places }: Facts) =>
    [...places.keys()].filter((name) => name !== 'host' && !places.get(name)!.outside)
  const made = names(after).filter((name) => !before.places.has(name))
  const gone = names(before).filter((name) => !after.places.has(name))
  const oneOrAll = (list: string[]) => (list.length === 1 ? list[0] : list)
  return [
    ...(made.length > 0 ? [{ netns: oneOrAll(made) }] : []),
    ...(gone.length > 0 ? [{ netns: oneOrAll(gone), absent: true }] : []),
  ]
}

/** A cable is told of once, from one of its ends. `told`: the devices whose state needs no more words. */
function changedCables(before: Facts, after: Facts): { proposal: Proposal; told: readonly string[] }[] {
  const nameOf = ({ ends }: Cable) => ends.map(endName).toSorted().join(' ')
  return after.cables.flatMap((cable) => {
    const then = before.cables.find((other) => nameOf(other) === nameOf(cable))
    const [first, second] = cable.ends
    if (then && (then.up || !cable.up)) return []
    const state = after.places.get(first.place)!.devices.get(first.device)!.state
    const proposal = { link: endName(first), peer: endName(second), ...(state === 'down' ? {} : { state }) }
    return [{ proposal, told: cable.up ? [endName(first), endName(second)] : [endName(first)] }]
  })
}

function changedDevices(
  place: string,
  before: Facts,
  now: PlaceFacts,
  after: Facts,
  told: ReadonlySet<string>,
): Proposal[] {
  const then = before.places.get(place)
  const found = [...now.devices.values()].flatMap((device) =>
    changedDevice(place, then?.devices.get(device.name), device, after, told),
  )
  const isElsewhere = (name: string) =>
    [...after.places].some(([other, facts]) => other !== place && facts.devices.has(name))
  const gone = [...(then?.devices.keys() ?? [])].filter((name) => !now.devices.has(name) && !isElsewhere(name))
  return [...found, ...gone.map((name) => ({ link: endName({ place, device: name }), absent: true }))]
}

type Known = Device & { readonly mtu: number | undefined }

function changedDevice(
  place: string,
  then: Known | undefined,
  now: Known,
  after: Facts,
  told: ReadonlySet<string>,
): Proposal[] {
  const name = endName({ place, device: now.name })
  const isLoopback = now.type === 'loopback'
  const cable = after.cables.find(({ ends }) => ends.some((end) => endName(end) === name))
  const ports = portsOf(after.places.get(place)!, now.name)
  const isBridge = now.type === 'bridge'
  const kind =
    then || isLoopback || cable || (isBridge && ports.length > 0) || now.type === 'device' ? {} : { type: now.type }
  const state = now.state !== (then?.state ?? 'down') && !told.has(name) ? { state: now.state } : {}
  const mtu = now.mtu !== undefined && now.mtu !== (then?.mtu ?? (isLoopback ? now.mtu : 1500)) ? { mtu: now.mtu } : {}
  const details = { ...kind, ...state, ...mtu }
  const own = Object.keys(details).length > 0 ? [{ link: name, ...details }] : []
  return [...own, ...changedAddresses(name, then, now)]
}

function changedAddresses(name: string, then: Known | undefined, now: Known): Proposal[] {
  const made = now.addresses.filter((address) => !then?.addresses.includes(address))
  const gone = (then?.addresses ?? []).filter((address) => !now.addresses.includes(address))
  const oneOrAll = (list: readonly string[]) => (list.length === 1 ? list[0] : list)
  if (made.length + gone.length === 0) return []
  return [
    {
      addr: name,
      ...(made.length > 0 ? { has: oneOrAll(made) } : {}),
      ...(gone.length > 0 ? { lacks: oneOrAll(gone) } : {}),
    },
  ]
}

function changedPlace(place: string, then: PlaceFacts | undefined, now: PlaceFacts): Proposal[] {
  const where = place === 'host' ? {} : { in: place }
  return [
    ...changedBridges(place, then, now),
    ...changedRoutes(where, then, now),
    ...changedRules(where, then?.rules, now.rules),
    ...[...now.settings].flatMap(([sysctl, value]) =>
      then?.settings.has(sysctl) && then.settings.get(sysctl) !== value
        ? [{ sysctl, ...where, is: /^\d{1,9}$/.test(value) ? Number(value) : value }]
        : [],
    ),
    ...newListeners(place, then, now),
  ]
}

function changedBridges(place: string, then: PlaceFacts | undefined, now: PlaceFacts): Proposal[] {
  const bridges = [...now.devices.values()].filter(({ type }) => type === 'bridge')
  return bridges.flatMap(({ name }) => {
    const ports = portsOf(now, name)
    const same = then?.devices.has(name) && portsOf(then, name).join() === ports.join()
    return same || (!then?.devices.has(name) && ports.length === 0)
      ? []
      : [{ bridge: endName({ place, device: name }), ports }]
  })
}

function portsOf({ devices }: PlaceFacts, bridge: string): string[] {
  return [...devices.values()].flatMap(({ name, master }) => (master === bridge ? [name] : [])).toSorted()
}

function changedRoutes(where: object, then: PlaceFacts | undefined, now: PlaceFacts): Proposal[] {
  const key = ({ dst, gateway, dev }: PlaceFacts['routes'][number]) => `${dst} ${gateway ?? ''} ${dev ?? ''}`
  const has = (list: PlaceFacts['routes'] | undefined, route: PlaceFacts['routes'][number]) =>
    (list ?? []).some((one) => key(one) === key(route))
  const made = now.routes.filter((route) => !has(then?.routes, route))
  const gone = (then?.routes ?? []).filter((route) => !has(now.routes, route))
  const via = ({ gateway }: PlaceFacts['routes'][number]) => (gateway ? { via: gateway } : {})
  const dev = (route: PlaceFacts['routes'][number]) => (route.dev ? { dev: route.dev } : {})
  return [
    ...made.map((route) => ({ route: route.dst, ...where, ...via(route), ...dev(route) })),
    ...gone.map((route) => ({ route: route.dst, ...where, ...via(route), ...dev(route), absent: true })),
  ]
}

function newListeners(place: string, then: PlaceFacts | undefined, now: PlaceFacts): Proposal[] {
  const isKnown = (port: number, protocol: string) =>
    (then?.listening ?? []).some((one) => one.port === port && one.protocol === protocol)
  return now.listening
    .filter(({ port, protocol }) => !isKnown(port, protocol))
    .map(({ port, protocol, processes }) => ({
      listen: `${place === 'host' ? '' : `${place}:`}${port}/${protocol}`,
      ...(processes[0] ? { process: processes[0] } : {}),
    }))
}

const PING =
  /^(?:ip netns exec (?<space>[\w.-]+) )?ping(?: -[a-zA-Z46]+(?:[ =]?\d[\d.]*)?| -I \S+)* (?<to>[\w.:-]+)(?: -[a-zA-Z]+(?: ?\d[\d.]*)?)*$/

/** Who was reached by a ping. */
function reached({ text, terminal }: Done, { places }: Facts): Proposal[] {
  const groups = PING.exec(text.trim())?.groups
  if (!groups?.to) return []
  const from = groups.space ?? (places.get(terminal)?.outside ? terminal : 'host')
  return places.has(from) ? [{ ping: `${from} -> ${groups.to}` }] : []
}

function endName({ place, device }: CableEnd): string {
  return place === 'host' ? device : `${place}/${device}`
}
