import { printedJson } from '../checks/printed-json.ts'
import { ProbeError } from '../world/probes.ts'
import type { Journey } from './journey.ts'
import type { Packet } from './packet.ts'

/** What the kernel of a place would do with a packet. */
export type RouteAnswer =
  | {
      readonly isRefused: false
      /** `local`, `unicast`, `broadcast`, … */
      readonly type: string
      readonly device: string
      /** The address of who gets it next: the gateway, or the destination itself. */
      readonly nextHop: string
      readonly isByGateway: boolean
      /** Which address it would be sent from. */
      readonly source: string | undefined
    }
  | {
      readonly isRefused: true
      /** `Network is unreachable` */
      readonly words: string
      /** As a person types it. */
      readonly command: string
    }

interface Printed {
  readonly type?: string
  readonly dev?: string
  readonly gateway?: string
  readonly prefsrc?: string
}

/**
 * Asks the kernel of a place for the way of a packet: one that it makes itself (`from` is its source, if that is settled
 * already), or one that came in by the device `input`. Rules of `ip rule` and the reverse-path filter are in the answer.
 */
export async function askRoute(
  { probe }: Journey,
  place: string,
  packet: Packet,
  how: { readonly from?: string; readonly input?: string } = {},
): Promise<RouteAnswer> {
  const source = how.from ?? (how.input === undefined ? undefined : packet.source)
  const question = [
    ...['get', packet.destination],
    ...(source === undefined ? [] : ['from', source]),
    ...(how.input === undefined ? [] : ['iif', how.input]),
    ...(packet.mark === 0 ? [] : ['mark', String(packet.mark)]),
  ]
  const ports = packet.destinationPort === undefined ? [] : ['dport', String(packet.destinationPort)]
  const command = ['ip', '-j', 'route', ...question, 'ipproto', packet.protocol, ...ports] as const
  const { status, stdout, stderr } = await probe.run(place, command)
  const typed = ['ip', 'route', ...question].join(' ')
  if (status !== 0) return { isRefused: true, words: stderr.replace(/^RTNETLINK answers: /, '').trim(), command: typed }
  const [route] = printedJson(stdout, 'ip -j route') as Printed[]
  if (!route?.dev) throw new ProbeError('trouble', `${typed} in ${place} printed no route`)
  return {
    isRefused: false,
    type: route.type ?? 'unicast',
    device: route.dev,
    nextHop: route.gateway ?? packet.destination,
    isByGateway: route.gateway !== undefined,
    source: route.prefsrc,
  }
}
