import type { Device } from '../checks/subjects.ts'
import { addressesOf, deviceOf, type Facts } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { isBridge, segmentOf } from './segment.ts'

/**
 * Why two devices are not on the same cables and bridges although they seem to be meant so: in some place, where one side
 * comes to an end, there is a bridge that it is no port of. Undefined: they have nothing to do with each other.
 */
export function missingPlug(facts: Facts, one: Device, other: Device, isAnswer: boolean): Finding | undefined {
  const [near, far] = [ends(facts, one), ends(facts, other)]
  for (const { place, device } of near) {
    const there = far.filter((end) => end.place === place)
    const from = deviceOf(facts, { place, device })
    for (const end of there) {
      const to = deviceOf(facts, end)
      if (isBridge(from) && isBridge(to)) {
        const port = portTowards(facts, one, { place, device })
        if (port) return at(place, device, isAnswer, { code: 'other-bridge', bridge: device, wanted: end.device, port })
      }
      if (isLoose(facts, { place, device }) && isBridge(to))
        return at(place, device, isAnswer, { code: 'not-attached', bridge: end.device })
      if (isLoose(facts, end) && isBridge(from))
        return at(place, end.device, isAnswer, { code: 'not-attached', bridge: device })
      const bridges = [...facts.places.get(place)!.devices.values()].filter(isBridge)
      if (isLoose(facts, { place, device }) && isLoose(facts, end) && bridges[0])
        return at(place, device, isAnswer, { code: 'not-attached', bridge: bridges[0].ifname })
    }
  }
  return undefined
}

/** Where its cables and bridges end, itself among them. */
function ends(facts: Facts, start: Device): Device[] {
  return [...segmentOf(facts, start).map(({ device }) => device), start]
}

/** A cable's end that is no port, and has no address of its own: it seems to be meant as a port. */
export function isLoose(facts: Facts, device: Device): boolean {
  const found = deviceOf(facts, device)
  return found.linkinfo?.info_kind === 'veth' && found.master === undefined && addressesOf(found).length === 0
}

/** The port of a bridge by which a device is connected to it. */
function portTowards(facts: Facts, device: Device, bridge: Device): string | undefined {
  const path = segmentOf(facts, device).find(
    ({ device: end }) => end.place === bridge.place && end.device === bridge.device,
  )
  return path?.path.at(-2)?.device
}
