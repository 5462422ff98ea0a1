import type { Sink } from '../reporters/reporter.ts'
import { type Change, networkChanges } from '../topology/changes.ts'
import type { Network } from '../topology/network.ts'
import { toText } from '../topology/text.ts'

/** The map of the network on the student's terminal. */
export class MapView {
  /** The network since which changes are shown. */
  seen: Network | undefined
  readonly #sink: Sink
  readonly #say: (text: string) => void

  constructor(sink: Sink, say: (text: string) => void) {
    this.#sink = sink
    this.#say = say
  }

  /** The network as it is now. */
  draw(network: Network): void {
    this.#draw(network, this.#changes(network), true)
  }

  /** The network after a step; whether there was something new to show. `muted`: nobody looks. */
  redraw(network: Network, muted: boolean): boolean {
    const changes = this.#changes(network)
    this.seen = network
    if (muted || changes.length === 0) return false
    this.#draw(network, changes)
    return true
  }

  #changes(network: Network): readonly Change[] {
    return this.seen ? networkChanges(this.seen, network) : []
  }

  #draw(network: Network, changes: readonly Change[], whole = false): void {
    const { colour, plain, height, width } = this.#sink
    const text = toText(network, { width: Math.max(20, width), height, colour, plain, changes, whole })
    this.#say(`\n${text}`.trimEnd())
  }
}
