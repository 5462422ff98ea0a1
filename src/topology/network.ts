import { setTimeout as delay } from 'node:timers/promises'
import type { LinkFacts } from '../checks/ip.ts'
import { stateOf } from '../checks/link.ts'
import { printedJson } from '../checks/printed-json.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'
import { type Chain, readFirewall } from './firewall.ts'

/** A network as it is at one moment: machines and namespaces, their devices, and what is plugged into what. */
export interface Network {
  readonly places: readonly Place[]
  readonly cables: readonly Cable[]
}

export interface Place {
  readonly name: string
  /** A machine of its own beside the student's. */
  readonly outside: boolean
  readonly devices: readonly Device[]
  /** Of all tables of iptables, the chains that say something. */
  readonly firewall: readonly Chain[]
}

export interface Device {
  readonly name: string
  readonly type: string
  readonly state: 'up' | 'down' | 'no-carrier'
  /** With prefix length; link-local ones are left out. */
  readonly addresses: readonly string[]
  /** The bridge that it is a port of. */
  readonly master: string | undefined
}

/** A veth pair. */
export interface Cable {
  readonly ends: readonly [CableEnd, CableEnd]
  /** Both ends are up. */
  readonly up: boolean
}

export interface CableEnd {
  readonly place: string
  readonly device: string
}

type Facts = LinkFacts & { readonly addr_info?: readonly { local: string; prefixlen: number; scope: string }[] }
type Found = readonly { readonly place: string; readonly facts: readonly Facts[] }[]

/** Milliseconds that the kernel may take to tell of a carrier that has changed (net/core/link_watch.c). */
const SETTLE = 1200

/**
 * Reads the network of a world, once it has settled; looks only. What had no carrier before, in `known`, is not waited for.
 * Rejects with ProbeError.
 */
export async function readNetwork(world: World, known?: Network): Promise<Network> {
  const waits = new Set(
    known?.places.flatMap(({ name, devices }) => devices.filter(isWaiting).map((one) => `${name}/${one.name}`)),
  )
  const end = performance.now() + SETTLE
  for (;;) {
    const network = await readOnce(world)
    const settled = network.places.every(({ name: place, devices }) =>
      devices.every((device) => !isWaiting(device) || waits.has(`${place}/${device.name}`)),
    )
    if (settled || performance.now() > end) return network
    await delay(100)
  }
}

function isWaiting({ state }: Device): boolean {
  return state === 'no-carrier'
}

async function readOnce(world: World): Promise<Network> {
  const { stdout } = await world.probe('host', ['ip', '-j', 'netns', 'list'])
  const inside =
    stdout.trim() === ''
      ? []
      : (printedJson(stdout, 'ip -j netns') as { name?: string }[]).flatMap(({ name }) => name ?? [])
  const names = ['host', ...inside.toSorted(), ...world.outside]
  const found = await Promise.all(names.map(async (place) => ({ place, facts: await devicesOf(world, place) })))
  const firewalls = await Promise.all(names.map(async (place) => await readFirewall(world, place)))
  const places = found.map(({ place, facts }, index) => ({
    name: place,
    outside: world.isOutside(place),
    devices: facts.filter(isTold).map(toDevice),
    firewall: firewalls[index]!,
  }))
  return { places, cables: await findCables(found, world) }
}

/** Every place has `lo`; it is worth a word only with an address that it does not bring itself. */
function isTold({ ifname, addr_info = [] }: Facts): boolean {
  return ifname !== 'lo' || addr_info.some(({ local }) => local !== '127.0.0.1' && local !== '::1')
}

async function devicesOf(world: World, place: string): Promise<Facts[]> {
  const { status, stdout, stderr } = await world.probe(place, ['ip', '-j', '-d', 'addr', 'show'])
  if (status !== 0) throw new ProbeError('trouble', `ip addr show in ${place}: ${stderr.trim()}`)
  return (printedJson(stdout || '[]', 'ip -j addr') as Facts[]).filter(({ ifname }) => ifname !== undefined)
}

function toDevice(facts: Facts): Device {
  return {
    name: facts.ifname,
    type: facts.linkinfo?.info_kind ?? 'device',
    state: stateOf(facts),
    addresses: (facts.addr_info ?? [])
      .filter(({ scope }) => scope !== 'link')
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    master: facts.master,
  }
}

/** Ends that name each other's index belong together; where several could, the ids of the namespaces decide. */
export async function findCables(found: Found, world: Pick<World, 'namespaceId'>): Promise<Cable[]> {
  const ends = found.flatMap(({ place, facts }) => facts.filter(isVeth).map((link) => ({ place, link })))
  const cables: Cable[] = []
  const taken = new Set<object>()
  for (const end of ends) {
    if (taken.has(end)) continue
    const candidates = ends.filter((other) => other !== end && !taken.has(other) && belong(end, other))
    const other = candidates.length > 1 ? await decide(end, candidates, world) : candidates[0]
    if (!other) continue
    taken.add(end).add(other)
    const up = stateOf(end.link) === 'up' && stateOf(other.link) === 'up'
    cables.push({
      ends: [
        { place: end.place, device: end.link.ifname },
        { place: other.place, device: other.link.ifname },
      ],
      up,
    })
  }
  return cables
}

interface End {
  readonly place: string
  readonly link: Facts
}

function isVeth({ linkinfo }: Facts): boolean {
  return linkinfo?.info_kind === 'veth'
}

function belong(a: End, b: End): boolean {
  // In one namespace iproute2 names the other end; in another, it gives the index there.
  if (a.place === b.place) return a.link.link === b.link.ifname && b.link.link === a.link.ifname
  const away = a.link.link_netnsid !== undefined && b.link.link_netnsid !== undefined
  return away && a.link.link_index === b.link.ifindex && b.link.link_index === a.link.ifindex
}

async function decide(
  end: End,
  candidates: readonly End[],
  world: Pick<World, 'namespaceId'>,
): Promise<End | undefined> {
  for (const candidate of candidates) {
    if ((await world.namespaceId(end.place, candidate.place)) === end.link.link_netnsid) return candidate
  }
  return undefined
}
