import type { Device } from '../checks/subjects.ts'
import { type DeviceFacts, deviceOf, type Facts, isUp, keyOf } from './facts.ts'
import { at, type Finding } from './finding.ts'

/** Where a frame can get to from a device if everything on the way were up. */
export interface Endpoint {
  readonly device: Device
  /** All devices on the way, both ends among them. */
  readonly path: readonly Device[]
}

/** The other devices with which a device shares cables and bridges, nearest first. */
export function segmentOf(facts: Facts, start: Device): Endpoint[] {
  const seen = new Set([keyOf(start)])
  const endpoints: Endpoint[] = []
  const queue: Device[][] = [[start]]
  for (let path = queue.shift(); path; path = queue.shift()) {
    for (const { device, isEnd } of nextOf(facts, path)) {
      if (seen.has(keyOf(device))) continue
      seen.add(keyOf(device))
      const longer = [...path, device]
      if (isEnd) endpoints.push({ device, path: longer })
      queue.push(longer)
    }
  }
  return endpoints
}

export function isBridge({ linkinfo }: DeviceFacts): boolean {
  return linkinfo?.info_kind === 'bridge'
}

/** The devices of a place that are ports of a bridge. */
export function portsOf(facts: Facts, { place, device }: Device): Device[] {
  return [...facts.places.get(place)!.devices.values()]
    .filter(({ master }) => master === device)
    .map(({ ifname }) => ({ place, device: ifname }))
}

/** The first device of a path that no frame can pass. */
export function obstacleOn(facts: Facts, path: readonly Device[], isAnswer: boolean): Finding | undefined {
  for (const [index, device] of path.entries()) {
    const obstacle = obstacleAt(facts, device, isAnswer) ?? isolation(facts, path.slice(index, index + 3), isAnswer)
    if (obstacle) return obstacle
  }
  return undefined
}

/** Between two isolated ports of a bridge nothing passes (bridge(8)). */
function isolation(facts: Facts, path: readonly Device[], isAnswer: boolean): Finding | undefined {
  const [port, bridge, other] = path
  if (!port || !bridge || !other || !isBridge(deviceOf(facts, bridge))) return undefined
  const isIsolated = (one: Device) => deviceOf(facts, one).linkinfo?.info_slave_data?.isolated === true
  if (!isIsolated(port) || !isIsolated(other)) return undefined
  const cause = { code: 'port-isolated', bridge: bridge.device, other: other.device } as const
  return at(port.place, port.device, isAnswer, cause)
}

/** A device that is down says so itself; one without carrier is told by its other end, if that can be seen. */
function obstacleAt(facts: Facts, { place, device }: Device, isAnswer: boolean): Finding | undefined {
  const found = deviceOf(facts, { place, device })
  const { master, linkinfo } = found
  if (!isUp(found)) {
    if (isBridge(found)) return at(place, device, isAnswer, { code: 'bridge-down' })
    if (master !== undefined) return at(place, device, isAnswer, { code: 'port-down', bridge: master })
    return at(place, device, isAnswer, { code: 'link-down', master })
  }
  // A port without carrier is `disabled`; why it has none is found at its other end.
  const state = linkinfo?.info_slave_data?.state
  if (master === undefined || state === undefined || /forwarding|disabled/.test(state)) return undefined
  return at(place, device, isAnswer, { code: 'port-blocked', bridge: master, state })
}

/** Where a frame goes on to from the last device of a path. */
function nextOf(facts: Facts, path: readonly Device[]): { device: Device; isEnd: boolean }[] {
  const last = path.at(-1)!
  const before = path.at(-2)
  const found = deviceOf(facts, last)
  if (isBridge(found)) {
    const others = portsOf(facts, last).filter(({ device }) => device !== before?.device)
    return others.map((device) => ({ device, isEnd: false }))
  }
  const isFromBridge = before !== undefined && before.place === last.place && before.device === found.master
  if (before && !isFromBridge) {
    // What comes by a cable goes to the bridge, if it is a port, whatever is behind that.
    return found.master === undefined ? [] : [{ device: { place: last.place, device: found.master }, isEnd: true }]
  }
  const peer = facts.peers.get(keyOf(last))
  return peer ? [{ device: peer, isEnd: deviceOf(facts, peer).master === undefined }] : []
}
