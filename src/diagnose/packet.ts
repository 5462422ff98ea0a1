/** A packet on its way, as far as anybody on the way looks at it. */
export interface Packet {
  readonly protocol: 'icmp' | 'tcp'
  readonly source: string
  readonly destination: string
  /** Undefined: a port that the kernel has chosen. */
  readonly sourcePort: number | undefined
  readonly destinationPort: number | undefined
  /** The question, or the answer to it. */
  readonly isAnswer: boolean
  /** Bytes, with the IP header; it must not be cut into fragments. */
  readonly size: number
  /** As conntrack sees it at this place. */
  readonly state: 'NEW' | 'ESTABLISHED' | 'INVALID' | 'UNTRACKED'
  /** The connection that it belongs to at this place. */
  readonly flow: Flow | undefined
  readonly mark: number
}

/** A connection as conntrack of one place remembers it. */
export interface Flow {
  readonly original: Ends
  /** What an answer to it comes with; undefined until the first packet has passed. */
  reply: Ends | undefined
}

/** Who sends what to whom. */
export type Ends = Pick<Packet, 'source' | 'sourcePort' | 'destination' | 'destinationPort'>

export function endsOf({ source, sourcePort, destination, destinationPort }: Ends): Ends {
  return { source, sourcePort, destination, destinationPort }
}

/** The ends of what is sent back. */
export function turned({ source, sourcePort, destination, destinationPort }: Ends): Ends {
  return { source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort }
}

export function sameEnds(one: Ends, other: Ends): boolean {
  return (
    one.source === other.source &&
    one.destination === other.destination &&
    one.sourcePort === other.sourcePort &&
    one.destinationPort === other.destinationPort
  )
}

/** `10.0.0.1`, or `10.0.0.1:80`. */
export function endText(address: string, port: number | undefined): string {
  return port === undefined ? address : `${address}:${port}`
}

/** `icmp 10.0.0.1 > 10.0.0.2`, as tcpdump has it. */
export function describePacket(packet: Packet): string {
  const { protocol, source, sourcePort, destination, destinationPort } = packet
  return `${protocol} ${endText(source, sourcePort)} > ${endText(destination, destinationPort)}`
}
