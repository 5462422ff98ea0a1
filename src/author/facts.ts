import type { Probe } from '../checks/check.ts'
import { type AddressFacts, addresses, links, type RouteFacts, routes } from '../checks/ip.ts'
import { type ListenSeen, readListening } from '../checks/listen.ts'
import { plainProbe } from '../checks/plain-probe.ts'
import { readIptables } from '../checks/rules/read.ts'
import type { Ruleset } from '../checks/rules/ruleset.ts'
import { type Device, type Network, readNetwork } from '../topology/network.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'

/** What checks can be about, at one moment. */
export interface Facts {
  readonly places: ReadonlyMap<string, PlaceFacts>
  readonly cables: Network['cables']
}

export interface PlaceFacts {
  readonly outside: boolean
  readonly devices: ReadonlyMap<string, Device & { readonly mtu: number | undefined }>
  /** Of IPv4, without those that come with an address. */
  readonly routes: readonly RouteFacts[]
  /** Undefined where they cannot be read. */
  readonly rules: readonly Ruleset[] | undefined
  readonly listening: readonly (ListenSeen & { readonly protocol: 'tcp' | 'udp' })[]
  /** Of the settings that were asked for, those that are there. */
  readonly settings: ReadonlyMap<string, string>
}

/** Looks at all machines and namespaces of a world. Rejects with ProbeError where it cannot. */
export async function readFacts(world: World, settings: readonly string[]): Promise<Facts> {
  const { places, cables } = await readNetwork(world)
  const probe = plainProbe(world)
  const all = places.map(async ({ name, outside, devices }): Promise<[string, PlaceFacts]> => {
    const found = await links(probe, name)
    const own = (await addresses(probe, name)).find(({ ifname }) => ifname === 'lo')
    const loopback = found.filter(({ ifname }) => ifname === 'lo').map((facts) => loopbackOf(facts, own))
    const mtu = (device: Device) => found.find(({ ifname }) => ifname === device.name)?.mtu
    const facts = {
      outside,
      devices: new Map([...devices, ...loopback].map((device) => [device.name, { ...device, mtu: mtu(device) }])),
      routes: (await routes(probe, name, '-4')).filter(({ protocol }) => protocol !== 'kernel'),
      rules: await orNothing(() => readIptables(probe, name, 'filter')),
      listening: (await orNothing(() => listening(probe, name))) ?? [],
      settings: await settingsOf(probe, name, settings),
    }
    return [name, facts]
  })
  return { places: new Map(await Promise.all(all)), cables }
}

/** The names of settings below `net` that a text mentions, as for `sysctl` or as files of /proc/sys. */
export function settingsIn(text: string): string[] {
  const names = [...text.matchAll(/\bnet\.[\w.-]+\w|(?<=\/proc\/sys\/)net\/[\w./-]+\w/g)].map(([name]) => name)
  return [...new Set(['net.ipv4.ip_forward', ...names.map((name) => (name.startsWith('net/') ? dotted(name) : name))])]
}

/** A name with dots in it, such as that of a VLAN, keeps its slashes: sysctl(8) takes both forms. */
function dotted(path: string): string {
  return path.includes('.') ? path : path.replaceAll('/', '.')
}

/** Its own addresses come by themselves. */
function loopbackOf({ flags }: { readonly flags: readonly string[] }, own: AddressFacts | undefined): Device {
  const all = (own?.addr_info ?? []).map(({ local, prefixlen }) => `${local}/${prefixlen}`)
  const addresses = all.filter((address) => address !== '127.0.0.1/8' && address !== '::1/128')
  return { name: 'lo', type: 'loopback', state: flags.includes('UP') ? 'up' : 'down', addresses, master: undefined }
}

async function listening(probe: Probe, place: string): Promise<PlaceFacts['listening']> {
  const found = (['tcp', 'udp'] as const).map(async (protocol) => {
    const sockets = await probe.run(place, ['ss', '-H', '-l', '-n', '-p', '-O', protocol === 'tcp' ? '-t' : '-u'])
    return readListening(sockets).map((socket) => ({ ...socket, protocol }))
  })
  return (await Promise.all(found)).flat()
}

async function settingsOf(probe: Probe, place: string, names: readonly string[]): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  for (const name of names) {
    const result = await orNothing(() => probe.run(place, ['sysctl', '-n', name]))
    if (result?.status === 0) values.set(name, result.stdout.trim().replace(/\s+/g, ' '))
  }
  return values
}

async function orNothing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof ProbeError) return undefined
    throw error
  }
}
