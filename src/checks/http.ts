import { z } from 'zod'
import { sanitize } from '../sanitize.ts'
import { ProbeError, type ProbeResult } from '../world/probes.ts'
import { defineCheck } from './check.ts'

/** An answer of a web server, or why there is none. */
export type HttpSeen =
  | { readonly status: number; readonly body: string }
  | { readonly status: undefined; readonly trouble: string }

const REQUEST = /^\s*([\w.{}-]+)\s*->\s*(https?:\/\/\S+)\s*$/

const requestSchema = z
  .string()
  .regex(REQUEST, { error: 'expected FROM -> URL, as client -> http://192.168.0.10:8000/' })
  .transform((text) => {
    const [, from = '', url = ''] = REQUEST.exec(text) ?? []
    return { from, url }
  })

export const http = defineCheck({
  kind: 'http',
  tools: ['curl'],
  schema: z.strictObject({
    http: requestSchema.describe('FROM -> URL'),
    status: z.union([z.int().min(100).max(599), z.literal('any')]).default(200),
    body: z.string().optional().describe('what the body contains'),
  }),
  // A server that was started a moment ago may not listen yet.
  within: () => 2000,

  async observe({ http: { from, url } }, probe): Promise<HttpSeen> {
    // --disable: what the student has put into a ~/.curlrc is not asked; --globoff: nor are brackets in the URL.
    const options = ['--disable', '--silent', '--show-error', '--globoff', '--max-time', '3']
    return readHttp(await probe.run(from, ['curl', ...options, '--write-out', WRITE_OUT, url]))
  },

  judge({ status, body }, seen) {
    const holding = body === undefined ? '' : `, with ${JSON.stringify(body)} in it`
    const expected = `an answer with ${status === 'any' ? 'any status' : `status ${status}`}${holding}`
    if (seen.status === undefined) return { holds: false, expected, actual: `no answer: ${seen.trouble}` }
    const found = body === undefined || seen.body.includes(body)
    const lacking = found ? '' : `, without it: ${JSON.stringify(sanitize(seen.body).slice(0, 200))}`
    const holds = found && (status === 'any' || seen.status === status)
    return { holds, expected, actual: `status ${seen.status}${lacking}` }
  },

  sends: () => true,
  question({ http: { from, url } }) {
    const { hostname, port, protocol } = new URL(url)
    return { from, to: hostname, protocol: 'tcp', port: Number(port || (protocol === 'https:' ? 443 : 80)) }
  },
})

/** Follows the body, however that ends. */
const WRITE_OUT = '\\nstatus %{http_code}\\n'

/** Exit statuses of curl(1) that tell of the network or the server; all others are trouble with curl. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'the answer is no HTTP',
  6: 'the name is not known',
  7: 'no connection',
  8: 'the answer is no HTTP',
  18: 'the answer ended too early',
  28: 'it was not over within 3 s',
  35: 'TLS could not be agreed on',
  52: 'the connection was closed without an answer',
  55: 'the request could not be sent',
  56: 'the connection broke off',
  60: 'the certificate is not trusted',
}

/** Reads what curl printed. Throws ProbeError where curl itself could not work. */
export function readHttp({ status, stdout, stderr }: ProbeResult): HttpSeen {
  const [whole, code] = /\nstatus (\d{3})\n$/.exec(stdout) ?? []
  if (status === 0 && whole) return { status: Number(code), body: stdout.slice(0, -whole.length) }
  const said = stderr.trim().replace(/^curl: \(\d+\) /, '')
  const reason = REASONS[status]
  if (reason) return { status: undefined, trouble: said ? `${reason} (${said})` : reason }
  throw new ProbeError('trouble', `curl ended with status ${status}: ${said || 'it said nothing'}`)
}
