/**
 * One event of the kernel's trace: a packet met a rule that decided something, the end of a chain (then there is no
 * handle), or a chain's policy.
 */
export interface TraceEvent {
  /** `ip`, `bridge`, … as nft(8) names it. */
  readonly family: string
  /** The kernel's number of the packet; it is used again for later ones. */
  readonly id: number
  readonly table: string
  readonly chain: string
  readonly type: 'policy' | 'return' | 'rule'
  /** Of the rule. */
  readonly handle: number | undefined
  /** `ACCEPT`, `DROP`, `JUMP`, … */
  readonly verdict: string
  /** The chain that it jumps or goes to. */
  readonly target: string | undefined
  /** The packet itself, with the first event of each base chain. */
  readonly packet: TracedHeaders | undefined
}

/** The beginnings of a packet's headers; `transport` is empty where it has none (a later fragment). */
export interface TracedHeaders {
  readonly network: Buffer
  readonly transport: Buffer
}

// include/uapi/linux/netfilter/nf_tables.h: enum nft_trace_attributes, nft_trace_types, nft_verdict_attributes
const [TABLE, CHAIN, HANDLE, TYPE, VERDICT, ID] = [1, 2, 3, 4, 5, 6]
const [NETWORK, TRANSPORT, POLICY] = [8, 9, 16]
const TYPES: readonly TraceEvent['type'][] = ['rule', 'policy', 'return', 'rule']
const FAMILIES: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' }
const VERDICTS: Readonly<Record<number, string>> = {
  0: 'DROP',
  1: 'ACCEPT',
  2: 'STOLEN',
  3: 'QUEUE',
  [-1]: 'CONTINUE',
  [-2]: 'CONTINUE',
  [-3]: 'JUMP',
  [-4]: 'GOTO',
  [-5]: 'RETURN',
}

/** NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE. */
const TRACE_MESSAGE = (10 << 8) | 17

/** Decodes what was received from the netlink socket; other messages than those of the trace are passed over. */
export function decodeTrace(datagram: Buffer): TraceEvent[] {
  const events: TraceEvent[] = []
  for (let start = 0; start + 20 <= datagram.length; ) {
    const length = datagram.readUInt32LE(start)
    if (length < 20 || start + length > datagram.length) break
    const message = datagram.subarray(start, start + length)
    if (message.readUInt16LE(4) === TRACE_MESSAGE) events.push(decodeEvent(message))
    start += (length + 3) & ~3
  }
  return events
}

function decodeEvent(message: Buffer): TraceEvent {
  const fields = attributes(message.subarray(20))
  const verdict = attributes(fields.get(VERDICT!) ?? Buffer.alloc(0))
  const handle = fields.get(HANDLE!)
  const network = fields.get(NETWORK!)
  const family = message.readUInt8(16)
  return {
    family: FAMILIES[family] ?? String(family),
    id: number(fields.get(ID!)),
    table: text(fields.get(TABLE!)) ?? '',
    chain: text(fields.get(CHAIN!)) ?? '',
    type: TYPES[number(fields.get(TYPE!))] ?? 'rule',
    handle: handle?.length === 8 ? Number(handle.readBigUInt64BE()) : undefined,
    verdict: verdictName(fields.get(POLICY!) ?? verdict.get(1)),
    target: text(verdict.get(2)),
    packet: network && { network, transport: fields.get(TRANSPORT!) ?? Buffer.alloc(0) },
  }
}

/** Netlink attributes: length and type in the byte order of the machine, the value, up to a multiple of 4 bytes. */
function attributes(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>()
  for (let start = 0; start + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(start)
    if (length < 4) break
    found.set(bytes.readUInt16LE(start + 2) & 0x3fff, bytes.subarray(start + 4, start + length))
    start += (length + 3) & ~3
  }
  return found
}

function number(bytes: Buffer | undefined): number {
  return bytes && bytes.length >= 4 ? bytes.readUInt32BE() : 0
}

function verdictName(bytes: Buffer | undefined): string {
  const code = bytes && bytes.length >= 4 ? bytes.readInt32BE() : 1
  // Above the lowest byte there may be the number of a queue, or why it was dropped.
  return VERDICTS[code < 0 ? code : code & 0xff] ?? `VERDICT-${code}`
}

function text(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString('latin1').replace(/\0.*$/s, '')
}
