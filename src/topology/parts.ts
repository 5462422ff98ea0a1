import type { Change } from './changes.ts'
import { type Chain, titleOf } from './firewall.ts'
import type { CableEnd, Device, Network, Place } from './network.ts'

/** One device, and a cable to a place that is drawn with its own devices; of two with one each the first is drawn. */
export function isTail(place: Place, network: Network): boolean {
  const [device] = place.devices
  if (!device || !isSmall(place)) return false
  const far = farEnd({ place: place.name, device: device.name }, network)?.end
  const index = network.places.findIndex(({ name }) => name === far?.place)
  return index >= 0 && (index < network.places.indexOf(place) || !isSmall(network.places[index]!))
}

function isSmall({ devices, firewall }: Place): boolean {
  return devices.length < 2 && firewall.length === 0
}

/** What the cable of a device leads to. */
export function farEnd(
  { place, device }: CableEnd,
  { cables }: Network,
): { readonly end: CableEnd; readonly up: boolean } | undefined {
  for (const { ends, up } of cables) {
    const near = ends.findIndex((end) => end.place === place && end.device === device)
    if (near >= 0) return { end: ends[1 - near]!, up }
  }
  return undefined
}

/** The place at the other end of a device's cable, if it is told in the same line. */
export function tailOf(end: CableEnd, network: Network): Place | undefined {
  const far = farEnd(end, network)
  return far && network.places.find((one) => one.name === far.end.place && isTail(one, network))
}

/** Each bridge is followed by its ports, and they come with their bridge. */
export function withPorts(devices: readonly Device[]): (readonly [device: Device, port: 'no' | 'yes' | 'last'])[] {
  const isPort = ({ master }: Device) => devices.some(({ name }) => name === master)
  return devices
    .filter((device) => !isPort(device))
    .flatMap((device) => {
      const ports = devices.filter(({ master }) => master === device.name)
      return [
        [device, 'no'] as const,
        ...ports.map((port, index) => [port, index === ports.length - 1 ? 'last' : 'yes'] as const),
      ]
    })
}

/** The machines and namespaces that are told by themselves. */
export function toldPlaces(network: Network): Place[] {
  return network.places.filter((place) => !isTail(place, network))
}

/** Whether something in a place, or in what is told in its lines, is another than before. */
export function hasChanged(place: Place, network: Network, changes: readonly Change[]): boolean {
  const tails = place.devices.map(({ name: device }) => tailOf({ place: place.name, device }, network)?.name)
  return changes.some((change) => change.place === place.name || tails.includes(change.place))
}

/** The chains that have a change, or a rule with one. */
export function changedChains({ name, firewall }: Place, changes: readonly Change[]): Chain[] {
  return firewall.filter((chain) => changes.some((one) => one.place === name && one.chain === titleOf(chain)))
}

/** What is said of a chain as a whole is about no rule, and what is said of a device about no chain. */
export interface Subject {
  readonly place: string
  readonly device?: string
  readonly chain?: string
  readonly rule?: number | undefined
}

/** How something that is there has changed. */
export function changeOf({ place, device, chain, rule }: Subject, changes: readonly Change[]): Seen | undefined {
  return changes
    .filter(isSeen)
    .find((one) => one.place === place && one.device === device && one.chain === chain && one.rule === rule)
}

/** Of what is there. */
export type Seen = Change & { readonly kind: 'new' | 'changed' }

function isSeen(change: Change): change is Seen {
  return change.kind !== 'gone'
}
