import { z } from 'zod'
import { ProbeError, type ProbeResult } from '../world/probes.ts'
import { defineCheck } from './check.ts'
import { isPort } from './tcp.ts'

/** A listening socket, as ss(8) shows it. */
export interface ListenSeen {
  /** `127.0.0.1`, `0.0.0.0`, `::`, or `*` for both of these. */
  readonly address: string
  readonly port: number
  /** Names of the processes that have it open; empty where ss may not see them. */
  readonly processes: readonly string[]
}

const SUBJECT = /^(?:([\w.{}-]+):)?(\d{1,5}|\{\{[\w.]+\}\})\/(tcp|udp)$/

const subjectSchema = z
  .string()
  .regex(SUBJECT, { error: 'expected PLACE:PORT/tcp or PLACE:PORT/udp, as container1:80/tcp, or 80/tcp on the host' })
  .transform((text) => {
    const [, place = 'host', port = '', protocol = 'tcp'] = SUBJECT.exec(text) ?? []
    return { place, port, protocol: protocol as 'tcp' | 'udp' }
  })

export const listen = defineCheck({
  kind: 'listen',
  tools: ['ss'],
  schema: z.strictObject({
    listen: subjectSchema.describe('PLACE:PORT/tcp or PLACE:PORT/udp, or without PLACE on the host'),
    process: z.string().min(1).optional().describe('the name of the process that listens'),
    address: z.string().min(1).optional().describe('the address that it listens on; 0.0.0.0 for all'),
    absent: z.literal(true).optional(),
  }),
  // A server takes a moment from its start, or from its signal, to the socket.
  within: () => 2000,

  async observe({ listen: { place, port, protocol }, process }, probe): Promise<ListenSeen[]> {
    if (!isPort(port)) throw new ProbeError('trouble', `${port} is not a port`)
    const result = await probe.run(place, ['ss', '-H', '-l', '-n', '-p', '-O', protocol === 'tcp' ? '-t' : '-u'])
    const sockets = readListening(result).filter((socket) => socket.port === Number(port))
    const unknown = sockets.some(({ processes }) => processes.length === 0)
    if (process !== undefined && unknown && !sockets.some((socket) => isOf(process, socket)))
      throw new ProbeError('not-permitted', `ss does not show which process listens to ${port}/${protocol}`)
    return sockets
  },

  judge({ listen: { place, port, protocol }, process, address, absent }, seen) {
    const where = `${port}/${protocol}${place === 'host' ? '' : ` in ${place}`}`
    const there = seen.filter((socket) => address === undefined || sameAddress(address, socket.address))
    const on = address === undefined ? '' : ` on ${address}`
    const by = process === undefined ? '' : ` by ${process}`
    const actual =
      seen.length === 0 ? `nobody listens to ${where}` : `${seen.map(describe).join(', ')} listens to ${where}`
    const matching = there.filter((socket) => process === undefined || isOf(process, socket))
    if (absent) return { holds: matching.length === 0, expected: `nobody listens to ${where}${on}${by}`, actual }
    return { holds: matching.length > 0, expected: `somebody listens to ${where}${on}${by}`, actual }
  },
  isNegative: ({ absent }) => absent === true,
})

/** Reads the lines of `ss -H -l -n -p -O -t`, or `-u`. Throws ProbeError where they cannot be understood. */
export function readListening({ status, stdout, stderr }: ProbeResult): ListenSeen[] {
  if (status !== 0) throw new ProbeError('trouble', `ss ended with status ${status}: ${stderr.trim()}`)
  const lines = stdout.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => {
    // State, Recv-Q, Send-Q, Local Address:Port, Peer Address:Port, Process
    const local = line.trim().split(/\s+/)[3] ?? ''
    const [, host, port] = /^(.*):(\d+)$/.exec(local) ?? []
    if (host === undefined) throw new ProbeError('trouble', `ss printed a line that is not understood: ${line}`)
    const users = line.slice(line.indexOf('users:(('))
    const processes = line.includes('users:((') ? [...users.matchAll(/\("(.*?)",pid=/g)].map((match) => match[1]!) : []
    const address = host.replace(/^\[(.*?)\]/, '$1').replace(/%.*$/, '')
    return { address, port: Number(port), processes: [...new Set(processes)] }
  })
}

/** The kernel keeps the first 15 characters of a process's name (proc(5), comm). */
function isOf(process: string, { processes }: ListenSeen): boolean {
  return processes.includes(process.slice(0, 15))
}

/** `*` is a socket for IPv6 that takes IPv4 as well. */
function sameAddress(wanted: string, seen: string): boolean {
  const all = ['0.0.0.0', '::', '*']
  if (!all.includes(wanted)) return wanted === seen || `::ffff:${wanted}` === seen
  return wanted === '*' ? all.includes(seen) : seen === wanted || seen === '*'
}

function describe({ address, processes }: ListenSeen): string {
  return `${processes.join(', ') || 'a process that is not shown'} (on ${address})`
}
