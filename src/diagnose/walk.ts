import type { Device } from '../checks/subjects.ts'
import { resolve } from './arp.ts'
import { confirm } from './conntrack.ts'
import { deviceOf, isUp } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { type Arrival, carry } from './frame.ts'
import { passHook } from './hooks.ts'
import { type Journey, type Leaving, type Or, placeOf, sawOn } from './journey.ts'
import { askRoute } from './kernel.ts'
import { whyNoRoute } from './no-route.ts'
import type { Packet } from './packet.ts'
import { explainRefusal } from './refusal.ts'

/** A packet that some place takes as its own. */
export interface Delivered extends Device {
  readonly packet: Packet
}

/** More places than any lab has one after the other. */
const MOST_HOPS = 32

/** Follows a packet that a place makes, to where it is delivered or comes to its end. */
export async function walk(journey: Journey, place: string, packet: Packet): Promise<Or<{ readonly delivered: Delivered }>> {
  const first = await sendFrom(journey, place, packet)
  if (first.finding) return first
  let leaving = first.leaving
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    const step = leaving.by.device === 'lo' ? overLoopback(journey, leaving) : await overCable(journey, leaving)
    if (step.finding) return step
    const received = await receive(journey, step.arrival)
    if (received.finding) return received
    if ('delivered' in received) return received
    leaving = received.leaving
  }
  const { by, nextHop, packet: looping } = leaving
  return { finding: at(by.place, by.device, looping.isAnswer, { code: 'loop', to: nextHop }) }
}
