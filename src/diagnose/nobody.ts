import type { Device } from '../checks/subjects.ts'
import { addressesOf, deviceOf, type Facts, holdersOf, keyOf } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { isIn } from './ipv4.ts'
import { type Journey, type Leaving, placeOf } from './journey.ts'
import { missingPlug } from './plugging.ts'
import { type Endpoint, isBridge, obstacleOn, portsOf } from './segment.ts'

/** Why nobody on these cables and bridges has the address of the next hop. */
export function nobodyHas(journey: Journey, leaving: Leaving, segment: readonly Endpoint[]): Finding {
  const { by, nextHop, isByGateway, packet } = leaving
  const { facts } = journey
  const { isAnswer } = packet
  const found = deviceOf(facts, by)
  const closed = obstacleOn(facts, unavoidable(facts, by), isAnswer)
  if (closed) return closed
  const ports = isBridge(found) ? portsOf(facts, by).map(({ device }) => device) : undefined
  if (!found.flags.includes('LOWER_UP') || ports?.length === 0)
    return at(by.place, by.device, isAnswer, { code: 'no-carrier', ports })
  const kind = found.linkinfo?.info_kind ?? 'device'
  if (segment.length === 0) return at(by.place, by.device, isAnswer, { code: 'cannot-follow', kind })
  const holder = holderAnywhere(facts, by.place, nextHop)
  const own = addressesOf(found)
  if (holder) {
    const address = addressesOf(deviceOf(facts, holder)).find((one) => one.startsWith(`${nextHop}/`))!
    const isMeantHere = own.some((one) => isIn(one.split('/')[0]!, address))
    const plug = isMeantHere ? missingPlug(facts, by, holder, isAnswer) : undefined
    if (plug) return plug
    const covering = own.find((one) => isIn(nextHop, one))
    if (!isMeantHere && !isByGateway && covering)
      return at(by.place, by.device, isAnswer, {
        code: 'wrong-netmask',
        address: covering,
        other: address,
        holder,
        isTooLong: false,
      })
  }
  if (!isByGateway)
    return at(by.place, by.device, isAnswer, { code: 'arp-unanswered', address: nextHop, holder, isThere: false })
  const candidates = segment.flatMap(({ device }) => {
    const isRouter = placeOf(journey, device.place).sysctl('ipv4/ip_forward') === 1
    const addresses = addressesOf(deviceOf(facts, device)).map((one) => one.split('/')[0]!)
    return isRouter ? addresses.filter((address) => own.some((one) => isIn(address, one))) : []
  })
  return at(by.place, by.device, isAnswer, { code: 'wrong-gateway', gateway: nextHop, candidates })
}

/** What every frame from a device has to pass, whoever it is for. */
function unavoidable(facts: Facts, by: Device): Device[] {
  const peer = isBridge(deviceOf(facts, by)) ? undefined : facts.peers.get(keyOf(by))
  if (!peer) return [by]
  const { master } = deviceOf(facts, peer)
  return master === undefined ? [by, peer] : [by, peer, { place: peer.place, device: master }]
}

function holderAnywhere(facts: Facts, except: string, address: string): Device | undefined {
  for (const place of facts.places.values()) {
    const [holder] = place.name === except ? [] : holdersOf(place, address)
    if (holder) return { place: place.name, device: holder.ifname }
  }
  return undefined
}
