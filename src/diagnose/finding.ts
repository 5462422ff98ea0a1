import type { Device } from '../checks/subjects.ts'
import type { RuleRef } from './chains.ts'

/** Why a packet ends, as data. In the order in which a packet can meet them; the words are in messages.ts. */
export type Cause =
  // Before anything is sent.
  | { readonly code: 'unknown-name'; readonly name: string }
  | { readonly code: 'no-device'; readonly to: string }
  | { readonly code: 'no-address'; readonly isDown: boolean }
  | { readonly code: 'link-down'; readonly master: string | undefined }
  | { readonly code: 'loopback-down' }
  | ({ readonly code: 'wrong-netmask' } & Misfit)
  | { readonly code: 'no-route'; readonly to: string; readonly otherNetwork: string | undefined }
  | ({ readonly code: 'detour' } & Detour)
  | { readonly code: 'special-route'; readonly to: string; readonly route: string; readonly isPolicy: boolean }
  | { readonly code: 'broadcast'; readonly to: string; readonly own: string }
  | { readonly code: 'refused-by-kernel'; readonly to: string; readonly command: string; readonly words: string }
  // On a cable or in a bridge.
  | { readonly code: 'address-on-port'; readonly bridge: string }
  | { readonly code: 'no-carrier'; readonly ports: readonly string[] | undefined }
  | { readonly code: 'bridge-down' }
  | { readonly code: 'port-down'; readonly bridge: string }
  | { readonly code: 'port-blocked'; readonly bridge: string; readonly state: string }
  | { readonly code: 'port-isolated'; readonly bridge: string; readonly other: string }
  | { readonly code: 'not-attached'; readonly bridge: string }
  | { readonly code: 'other-bridge'; readonly bridge: string; readonly wanted: string; readonly port: string }
  | { readonly code: 'no-hairpin'; readonly bridge: string; readonly packet: string }
  | { readonly code: 'wrong-gateway'; readonly gateway: string; readonly candidates: readonly string[] }
  | ({ readonly code: 'arp-unanswered' } & Silence)
  | { readonly code: 'arp-dropped'; readonly rule: RuleRef; readonly address: string }
  | { readonly code: 'arp-ignored'; readonly address: string; readonly value: number }
  | { readonly code: 'duplicate-address'; readonly address: string; readonly holders: readonly Device[] }
  | { readonly code: 'duplicate-mac'; readonly mac: string; readonly holders: readonly Device[] }
  | { readonly code: 'wrong-neighbour'; readonly address: string; readonly mac: string; readonly state: string }
  | { readonly code: 'too-big'; readonly size: number; readonly mtu: number; readonly isTold: boolean }
  // In a machine.
  | { readonly code: 'rule-drop' | 'rule-reject' | 'policy-drop'; readonly rule: RuleRef; readonly packet: string }
  | { readonly code: 'martian'; readonly address: string; readonly isOwn: boolean }
  | { readonly code: 'rp-filter'; readonly source: string; readonly mode: number; readonly back: string | undefined }
  | { readonly code: 'forwarding-off'; readonly to: string }
  | { readonly code: 'loop'; readonly to: string }
  | { readonly code: 'echo-ignored' }
  | {
      readonly code: 'dnat-skipped'
      readonly rule: RuleRef
      readonly port: number
      readonly isOwn: boolean
      /** The rule of OUTPUT that leads to the same chain, and did not take a packet of the machine's own. */
      readonly leading: RuleRef | undefined
    }
  | {
      readonly code: 'bound-elsewhere'
      readonly port: number
      readonly addresses: readonly string[]
      readonly to: string
    }
  | { readonly code: 'not-listening'; readonly port: number }
  // The answer.
  | { readonly code: 'no-way-back'; readonly to: string; readonly router: Device | undefined }
  | { readonly code: 'wrong-answer'; readonly expected: string; readonly seen: string }
  // It is not known.
  | { readonly code: 'cannot-follow'; readonly kind: string }
  | { readonly code: 'lost'; readonly unread: readonly string[] }
  | { readonly code: 'answered' }
  | { readonly code: 'nothing-found'; readonly unread: readonly string[] }

/** An address whose prefix length is not that of who has `other` on the same cable, or, too short, on another one. */
export interface Misfit {
  /** Both with prefix length. */
  readonly address: string
  readonly other: string
  readonly holder: Device
  readonly isTooLong: boolean
}

/** A packet that goes to a gateway, although who has its destination is on the same cable as a device of the sender. */
export interface Detour {
  readonly to: string
  readonly holder: Device
  /** The addresses of the sender's device there, with prefix length. */
  readonly own: readonly string[]
  readonly gateway: string
  /** The device that leads to the gateway. */
  readonly by: string
}

/** Nobody answered ARP. Who has the address may be there all the same, or somewhere else. */
export interface Silence {
  readonly address: string
  readonly holder: Device | undefined
  readonly isThere: boolean
}

export type Code = Cause['code']

/** A cause and where it is. */
export type Finding<C extends Cause = Cause> = C & {
  readonly place: string
  readonly device: string | undefined
  /** It met the answer, not the question. */
  readonly isAnswer: boolean
}

export function at<C extends Cause>(
  place: string,
  device: string | undefined,
  isAnswer: boolean,
  cause: C,
): Finding<C> {
  return { ...cause, place, device, isAnswer }
}

/** Where a packet ended, and why. */
export interface Diagnosis {
  readonly code: Code
  readonly place: string
  readonly device?: string
  readonly rule?: RuleRef
  /** It was the answer that ended, not the question. */
  readonly isAnswer: boolean
  /** The last device on which the packet was seen, or would have been. */
  readonly lastSeen?: Device
  /** For people, one sentence or two. */
  readonly text: string
  /** Commands by which a person sees it. */
  readonly look: readonly string[]
}
