import { z } from 'zod'
import { defineCheck } from './check.ts'
import { type LinkFacts, links } from './ip.ts'
import { type Device, deviceName, deviceSchema } from './subjects.ts'

export interface LinkSeen {
  readonly link: LinkFacts | undefined
  /** Undefined where no peer is asked for. */
  readonly peer: PeerSeen | undefined
}

interface PeerSeen {
  readonly link: LinkFacts | undefined
  /** How the namespace of the one knows that of the other, and back (-1: not at all). */
  readonly idOfPeer: number
  readonly idOfLink: number
  readonly samePlace: boolean
}

export const link = defineCheck({
  kind: 'link',
  tools: ['ip'],
  schema: z.strictObject({
    link: deviceSchema.describe('NS/IF, or IF on the host'),
    absent: z.literal(true).optional(),
    state: z.enum(['up', 'down', 'no-carrier']).optional(),
    master: z.string().optional().describe('the bridge that it is a port of'),
    peer: deviceSchema.optional().describe('the other end of a veth pair'),
    type: z.string().optional().describe('as `ip -d link` says: veth, bridge, …'),
    mtu: z.int().positive().optional(),
  }),
  // The kernel tells of a changed carrier late (net/core/link_watch.c), and deletes a veth's other end late.
  within: ({ absent, state }) => (absent || state ? 2000 : 0),

  async observe({ link: device, peer }, probe): Promise<LinkSeen> {
    const found = (await links(probe, device.place)).find(({ ifname }) => ifname === device.device)
    if (!peer || !found) return { link: found, peer: undefined }
    const other = (await links(probe, peer.place)).find(({ ifname }) => ifname === peer.device)
    const samePlace = peer.place === device.place
    const idOfPeer = samePlace ? -1 : await probe.namespaceId(device.place, peer.place)
    const idOfLink = samePlace ? -1 : await probe.namespaceId(peer.place, device.place)
    return { link: found, peer: { link: other, idOfPeer, idOfLink, samePlace } }
  },

  judge(spec, { link: seen, peer }) {
    const name = deviceName(spec.link)
    if (spec.absent)
      return { holds: !seen, expected: `no device ${name}`, actual: seen ? `${name} is there` : `${name} is not there` }
    const wanted: string[] = []
    const wrong: string[] = []
    const compare = (what: string, expected: string, actual: string) => {
      wanted.push(`${what} ${expected}`)
      if (expected !== actual) wrong.push(`${what} is ${actual}`)
    }
    if (seen) {
      if (spec.state) compare('state', spec.state, stateOf(seen))
      if (spec.master !== undefined) compare('master', spec.master, seen.master ?? 'none')
      if (spec.type !== undefined) compare('type', spec.type, seen.linkinfo?.info_kind ?? 'none')
      if (spec.mtu !== undefined) compare('mtu', String(spec.mtu), String(seen.mtu))
      if (spec.peer) comparePeer(spec.peer, seen, peer, wanted, wrong)
    }
    const expected = [`${name} exists`, ...wanted].join(', ')
    if (!seen) return { holds: false, expected, actual: `there is no device ${name}` }
    return { holds: wrong.length === 0, expected, actual: wrong.length > 0 ? wrong.join(', ') : 'all of it' }
  },
  isNegative: ({ absent }) => absent === true,
})

/** `up` includes devices that never say so, such as lo (operstate UNKNOWN). */
export function stateOf({ flags, operstate }: LinkFacts): 'up' | 'down' | 'no-carrier' {
  if (!flags.includes('UP')) return 'down'
  if (flags.includes('NO-CARRIER') || operstate === 'LOWERLAYERDOWN' || operstate === 'DOWN') return 'no-carrier'
  return 'up'
}

/** Two ends belong together if each has the index of the other, in the namespace of the other (veth(4)). */
function comparePeer(
  spec: Device,
  seen: LinkFacts,
  peer: PeerSeen | undefined,
  wanted: string[],
  wrong: string[],
): void {
  const name = deviceName(spec)
  wanted.push(`peer ${name}`)
  if (!peer?.link) {
    wrong.push(`there is no device ${name}`)
    return
  }
  const mutual = indexOfPeer(seen) === peer.link.ifindex && indexOfPeer(peer.link) === seen.ifindex
  const there = peer.samePlace
    ? seen.link_netnsid === undefined && peer.link.link_netnsid === undefined
    : seen.link_netnsid === peer.idOfPeer && peer.link.link_netnsid === peer.idOfLink
  const named = seen.link ?? undefined
  // In one namespace iproute2 names the other end instead of giving its index.
  const matches = peer.samePlace && named !== undefined ? named === spec.device : mutual && there
  if (!matches) wrong.push(`its other end is not ${name}`)
}

function indexOfPeer(seen: LinkFacts): number | undefined {
  return seen.link_index
}
