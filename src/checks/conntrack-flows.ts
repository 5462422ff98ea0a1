import { ProbeError, type ProbeResult } from '../world/probes.ts'

/** One direction of a connection. */
export interface Direction {
  readonly from: string
  readonly to: string
  /** Undefined where the protocol has none. */
  readonly fromPort: string | undefined
  readonly toPort: string | undefined
}

/** A connection that the kernel follows. */
export interface Flow {
  readonly protocol: string
  readonly original: Direction
  readonly reply: Direction
  /** Its state, if the protocol has states, and `ASSURED` or `UNREPLIED`. */
  readonly states: readonly string[]
}

/** Reads what `conntrack -L -o xml` printed. Throws ProbeError where it has not looked. */
export function parseFlows({ status, stdout, stderr }: ProbeResult): Flow[] {
  // An empty table is nothing on standard output, and `0 flow entries have been shown` beside it.
  if (status !== 0 || !/flow entries have been shown/.test(stderr)) {
    const code = /not permitted|denied/i.test(stderr) ? 'not-permitted' : 'trouble'
    throw new ProbeError(code, `conntrack -L ended with status ${status}: ${stderr.trim()}`)
  }
  return [...stdout.matchAll(/<flow\b[^>]*>([\s\S]*?)<\/flow>/g)].map(([, flow = '']) => {
    const parts = new Map([...flow.matchAll(/<meta direction="(\w+)">([\s\S]*?)<\/meta>/g)].map((m) => [m[1]!, m[2]!]))
    const rest = parts.get('independent') ?? ''
    const flags = [...rest.matchAll(/<(assured|unreplied)\/>/g)].map(([, name = '']) => name.toUpperCase())
    return {
      protocol: /<layer4\b[^>]* protoname="(\w+)"/.exec(flow)?.[1] ?? '',
      original: direction(parts.get('original') ?? ''),
      reply: direction(parts.get('reply') ?? ''),
      states: [...text(rest, 'state'), ...flags],
    }
  })
}

/** `tcp 10.0.0.1:5 -> 10.0.0.2:80, reply 10.0.0.2:80 -> 10.0.0.1:5, ESTABLISHED, ASSURED`. */
export function flowInWords({ protocol, original, reply, states }: Flow): string {
  return [`${protocol} ${render(original)}`, `reply ${render(reply)}`, ...states].join(', ')
}

/** `10.0.0.1:5 -> 10.0.0.2:80`; each port only where it is wanted. */
export function render(
  { from, to, fromPort, toPort }: Direction,
  wanted: { readonly from: boolean; readonly to: boolean } = { from: true, to: true },
): string {
  return `${end(from, wanted.from ? fromPort : undefined)} -> ${end(to, wanted.to ? toPort : undefined)}`
}

function end(address: string, port: string | undefined): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function direction(xml: string): Direction {
  const [from = ''] = text(xml, 'src')
  const [to = ''] = text(xml, 'dst')
  return { from, to, fromPort: text(xml, 'sport')[0], toPort: text(xml, 'dport')[0] }
}

function text(xml: string, element: string): string[] {
  const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1]
  return found === undefined ? [] : [found]
}
