import type { Probe } from '../checks/check.ts'
import type { LinkFacts, NeighbourFacts, RouteFacts } from '../checks/ip.ts'
import { printedJson } from '../checks/printed-json.ts'
import type { Device } from '../checks/subjects.ts'
import { type Cable, findCables } from '../topology/network.ts'
import { ProbeError } from '../world/probes.ts'
import { type Firewall, readFirewalls } from './firewall.ts'
import { isIn } from './ipv4.ts'
import { readSections, type Sections, SNAPSHOT } from './snapshot.ts'

/** A device of a place, as `ip -j -d addr` shows it. */
export interface DeviceFacts extends Omit<LinkFacts, 'linkinfo'> {
  readonly linkinfo?: {
    readonly info_kind?: string
    readonly info_data?: { readonly stp_state?: number; readonly nf_call_iptables?: number }
    /** Of a port of a bridge. */
    readonly info_slave_data?: { readonly state?: string; readonly hairpin?: boolean; readonly isolated?: boolean }
  }
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[]
}

/** `from 10.0.0.0/8 prohibit`, as `ip -j rule` shows it. */
export interface RuleFacts {
  readonly priority: number
  readonly src?: string
  readonly srclen?: number
  readonly dst?: string
  readonly dstlen?: number
  readonly action?: string
}

/** Everything that a place knows of its network, at one moment. */
export interface PlaceFacts {
  readonly name: string
  readonly outside: boolean
  readonly devices: ReadonlyMap<string, DeviceFacts>
  readonly neighbours: readonly NeighbourFacts[]
  /** Of all tables. */
  readonly routes: readonly RouteFacts[]
  readonly policies: readonly RuleFacts[]
  /** Local ends of TCP sockets that listen: `0.0.0.0:80`. */
  readonly listening: readonly string[]
  /** A setting below /proc/sys/net, `ipv4/ip_forward`; 0 where the kernel does not have it. */
  readonly sysctl: (name: string) => number
  readonly firewalls: readonly Firewall[]
  /** Tables of nftables that were made by nobody's iptables: they are not read. */
  readonly foreignTables: readonly string[]
}

/** The network of a world: all places, and what is plugged into what. */
export interface Facts {
  readonly places: ReadonlyMap<string, PlaceFacts>
  readonly peers: ReadonlyMap<string, Device>
}

/** Looks at every place of a world. Rejects with ProbeError. */
export async function readFacts(probe: Probe): Promise<Facts> {
  const { stdout } = await probe.run('host', ['ip', 'netns', 'list'])
  const inside = stdout.split('\n').flatMap((line) => line.split(' ')[0] || [])
  const names = ['host', ...inside, ...probe.outside]
  const found = await Promise.all(names.map(async (name) => await readIfThere(probe, name)))
  const places = found.filter((place) => place !== undefined)
  const links = places.map(({ name, devices }) => ({
    place: name,
    facts: [...devices.values()].map(({ addr_info, ...link }) => link),
  }))
  const cables = await findCables(links, probe)
  return { places: new Map(places.map((place) => [place.name, place])), peers: peersOf(cables) }
}

/** What a rule counted between two looks; undefined where it was not there before. */
export type Counted = (firewall: Firewall, table: string, chain: string, index: number) => number | undefined

export function countedBetween(before: Facts, after: Facts): (place: string) => Counted {
  return (place) => (firewall, table, chain, index) => {
    const earlier = before.places.get(place)?.firewalls.find(({ program }) => program === firewall.program)
    const [old, now] = [earlier, firewall].map((one) => one?.tables.get(table)?.get(chain)?.rules[index])
    if (!after.places.has(place) || !old || !now || old.text !== now.text) return undefined
    return now.packets - old.packets
  }
}

export function keyOf({ place, device }: Device): string {
  return `${place}/${device}`
}

export function deviceOf(facts: Facts, { place, device }: Device): DeviceFacts {
  return facts.places.get(place)!.devices.get(device)!
}

export function isUp({ flags }: DeviceFacts): boolean {
  return flags.includes('UP')
}

/** IPv4 addresses with prefix length. */
export function addressesOf({ addr_info }: DeviceFacts): string[] {
  return addr_info.filter(({ family }) => family === 'inet').map(({ local, prefixlen }) => `${local}/${prefixlen}`)
}

/** The devices of a place that have an address. */
export function holdersOf({ devices }: PlaceFacts, address: string): DeviceFacts[] {
  return [...devices.values()].filter(({ addr_info }) => addr_info.some(({ local }) => local === address))
}

/** Whether the kernel takes packets for this address as its own: also for that of a device that is down. */
export function isLocal(place: PlaceFacts, address: string): boolean {
  return isIn(address, '127.0.0.0/8') || holdersOf(place, address).length > 0
}

/** A setting of a device, or the one for all devices where that is higher. */
export function setting({ sysctl }: PlaceFacts, device: string, name: string): number {
  return Math.max(sysctl(`ipv4/conf/all/${name}`), sysctl(`ipv4/conf/${device}/${name}`))
}

/** A namespace may be deleted while it is looked at. */
async function readIfThere(probe: Probe, name: string): Promise<PlaceFacts | undefined> {
  try {
    return await readPlace(probe, name)
  } catch (error) {
    if (error instanceof ProbeError && error.code === 'missing-namespace') return undefined
    throw error
  }
}

async function readPlace(probe: Probe, name: string): Promise<PlaceFacts> {
  const { status, stdout, stderr } = await probe.run(name, ['sh', '-c', SNAPSHOT])
  if (status !== 0) throw new ProbeError('trouble', `looking at ${name}: ${stderr.trim()}`)
  const sections = readSections(stdout)
  const devices = json<DeviceFacts>(sections, 'addr').filter(({ ifname }) => ifname !== undefined)
  const settings = new Map(
    [...(sections.get('sysctl') ?? '').matchAll(/^\/proc\/sys\/net\/(\S+?):(\d+)/gm)].map((match) => [
      match[1]!,
      Number(match[2]),
    ]),
  )
  return {
    name,
    outside: probe.outside.includes(name),
    devices: new Map(devices.map((device) => [device.ifname, device])),
    neighbours: json<NeighbourFacts>(sections, 'neigh'),
    routes: json<RouteFacts>(sections, 'route'),
    policies: json<RuleFacts>(sections, 'rule'),
    listening: (sections.get('listen') ?? '').split('\n').flatMap((line) => line.trim().split(/\s+/)[3] ?? []),
    sysctl: (key) => settings.get(key) ?? 0,
    ...readFirewalls(sections),
  }
}

/** What a program printed as a JSON list; what is not there, or no JSON, is none. */
function json<T>(sections: Sections, name: string): T[] {
  try {
    return printedJson(sections.get(name) || '[]', name) as T[]
  } catch {
    return []
  }
}

function peersOf(cables: readonly Cable[]): Map<string, Device> {
  return new Map(
    cables.flatMap(({ ends: [one, other] }) => [[keyOf(one), other] as const, [keyOf(other), one] as const]),
  )
}
