import type { Probe } from '../checks/check.ts'
import type { Device } from '../checks/subjects.ts'
import type { Tally } from './chains.ts'
import type { Counted, Facts, PlaceFacts } from './facts.ts'
import type { Finding } from './finding.ts'
import { type Ends, endsOf, type Flow, type Packet } from './packet.ts'

/** A packet followed through a world, as it is computed from the facts: what was met on the way. */
export interface Journey {
  readonly facts: Facts
  /** Asks the kernel of a place what it would do. */
  readonly probe: Probe
  readonly counted: (place: string) => Counted
  readonly tallies: Map<string, Tally>
  /** What conntrack remembers, by place. */
  readonly flows: Map<string, Flow[]>
  /** Devices that it was on, in order. */
  readonly hops: Hop[]
  /** The devices by which it left a router, and whether it got another source address there. */
  readonly routers: (Device & { readonly isRewritten: boolean })[]
  /** Something that is wrong on the way, but need not end it: it is the cause if the packet ends later. */
  readonly suspicions: Finding[]
}

export interface Hop extends Device {
  readonly ends: Ends
  readonly isAnswer: boolean
}

/** A packet that is to leave by a device for the next one that takes it. */
export interface Leaving {
  readonly by: Device
  readonly nextHop: string
  readonly isByGateway: boolean
  readonly packet: Packet
  /** `by` is a bridge, and it is in there already: it came by this port, was translated, and stays. */
  readonly inside?: string | undefined
}

/** A step either ends the way of the packet, or not. */
export type Or<T> = { readonly finding: Finding } | (T & { readonly finding?: undefined })

export function newJourney({ facts, probe, counted }: Pick<Journey, 'facts' | 'probe' | 'counted'>): Journey {
  const fresh = { hops: [], routers: [], suspicions: [] }
  return { facts, probe, counted, tallies: new Map(), flows: new Map(), ...fresh }
}

export function placeOf(journey: Journey, name: string): PlaceFacts {
  return journey.facts.places.get(name)!
}

export function tallyOf({ tallies }: Journey, place: string): Tally {
  const tally = tallies.get(place) ?? new Map<string, number>()
  tallies.set(place, tally)
  return tally
}

/** Notes that the packet is on a device. */
export function sawOn(journey: Journey, { place, device }: Device, packet: Packet): void {
  const { isAnswer } = packet
  const last = journey.hops.at(-1)
  if (last?.place === place && last.device === device && last.isAnswer === isAnswer) return
  journey.hops.push({ place, device, ends: endsOf(packet), isAnswer })
}
