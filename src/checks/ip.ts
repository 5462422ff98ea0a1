import { ProbeError } from '../world/probes.ts'
import type { Probe } from './check.ts'
import { printedJson } from './printed-json.ts'

/** What `ip -j -d link` says of a device (iproute2, ip/ipaddress.c, print_linkinfo). */
export interface LinkFacts {
  readonly ifindex: number
  readonly ifname: string
  readonly flags: readonly string[]
  readonly operstate?: string
  readonly mtu?: number
  readonly master?: string
  readonly address?: string
  readonly link_index?: number
  readonly link_netnsid?: number
  readonly link?: string | null
  readonly linkinfo?: {
    readonly info_kind?: string
    readonly info_data?: { readonly stp_state?: number }
  }
}

export interface AddressFacts {
  readonly ifname: string
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[]
}

export interface RouteFacts {
  readonly dst: string
  readonly gateway?: string
  readonly dev?: string
  readonly flags?: readonly string[]
  readonly type?: string
  /** Who has made it: `kernel` for what comes with an address. */
  readonly protocol?: string
}

export interface NeighbourFacts {
  readonly dst: string
  readonly dev: string
  readonly lladdr?: string
  readonly state: readonly string[]
}

export interface FdbFacts {
  readonly mac: string
  readonly ifname: string
  readonly state?: string
}

export async function links(probe: Probe, place: string): Promise<LinkFacts[]> {
  return await json(probe, place, ['ip', '-j', '-d', 'link', 'show'])
}

export async function addresses(probe: Probe, place: string): Promise<AddressFacts[]> {
  return await json(probe, place, ['ip', '-j', 'addr', 'show'])
}

export async function routes(probe: Probe, place: string, family: '-4' | '-6'): Promise<RouteFacts[]> {
  return await json(probe, place, ['ip', '-j', family, 'route', 'show'])
}

export async function neighbours(probe: Probe, place: string): Promise<NeighbourFacts[]> {
  return await json(probe, place, ['ip', '-j', 'neigh', 'show'])
}

/** The forwarding database of a bridge; an entry that was learned has no `permanent`. */
export async function fdb(probe: Probe, place: string, bridge: string): Promise<FdbFacts[]> {
  return await json(probe, place, ['bridge', '-j', 'fdb', 'show', 'br', bridge])
}

export async function namespaces(probe: Probe): Promise<string[]> {
  const list = await json<{ name: string }>(probe, 'host', ['ip', '-j', 'netns', 'list'])
  return list.map(({ name }) => name)
}

/** Runs a program that prints a JSON list, anything else is trouble: an empty one is `[]`. */
async function json<T>(probe: Probe, place: string, command: readonly [string, ...string[]]): Promise<T[]> {
  const { status, stdout, stderr } = await probe.run(place, command, { shareable: true })
  if (status !== 0) {
    const code = /not permitted|denied/.test(stderr) ? 'not-permitted' : 'trouble'
    throw new ProbeError(code, `${command.join(' ')} ended with status ${status}: ${stderr.trim()}`)
  }
  // Without a /run/netns, and only then, it prints nothing.
  if (stdout.trim() === '' && command.includes('netns')) return []
  const value = printedJson(stdout, command.join(' '))
  if (Array.isArray(value)) return value.filter((item: unknown) => Object.keys(item ?? {}).length > 0) as T[]
  throw new ProbeError('trouble', `${command.join(' ')} did not print a list: is iproute2 5.0 or later installed?`)
}
