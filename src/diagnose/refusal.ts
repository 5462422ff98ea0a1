import type { Device } from '../checks/subjects.ts'
import { holdersOf, isLocal, setting } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { isIn } from './ipv4.ts'
import { type Journey, placeOf } from './journey.ts'
import { askRoute, type RouteAnswer } from './kernel.ts'
import { whyNoRoute } from './no-route.ts'
import type { Packet } from './packet.ts'

type Refusal = Extract<RouteAnswer, { isRefused: true }>

/** Why the kernel does not want a packet, or a question of ARP, that came in by a device. */
export async function explainRefusal(
  journey: Journey,
  { place, device }: Device,
  packet: Packet,
  refusal: Refusal,
): Promise<Finding> {
  const facts = placeOf(journey, place)
  const { isAnswer, source, destination } = packet
  const find = (cause: Parameters<typeof at>[3]) => at(place, device, isAnswer, cause)
  if (isLocal(facts, source) && !isIn(source, '127.0.0.0/8')) {
    const holders = holdersOfAddress(journey, source)
    if (holders.length > 1) return find({ code: 'duplicate-address', address: source, holders })
    return find({ code: 'martian', address: source, isOwn: true })
  }
  const isHome = (address: string) => isIn(address, '127.0.0.0/8') && setting(facts, device, 'route_localnet') === 0
  for (const address of [source, destination])
    if (isHome(address)) return find({ code: 'martian', address, isOwn: false })
  const mode = setting(facts, device, 'rp_filter')
  if (/Invalid/.test(refusal.words) && mode > 0) {
    const back = await askRoute(journey, place, { ...packet, source: destination, destination: source })
    const way = back.isRefused ? undefined : back.device
    if (mode === 1 ? way !== device : way === undefined) return find({ code: 'rp-filter', source, mode, back: way })
  }
  const isRouter = facts.sysctl(`ipv4/conf/${device}/forwarding`) === 1
  if (!isRouter && /No route to host/.test(refusal.words)) return find({ code: 'forwarding-off', to: destination })
  return whyNoRoute(journey, place, packet, refusal)
}

function holdersOfAddress({ facts }: Journey, address: string): Device[] {
  return [...facts.places.values()].flatMap((place) =>
    holdersOf(place, address).map(({ ifname }) => ({ place: place.name, device: ifname })),
  )
}
