import type { Judgement, Probe } from '../../src/checks/check.ts'
import { checks } from '../../src/checks/index.ts'
import { ProbeError, type ProbeResult } from '../../src/world/probes.ts'
import { recordedProbe } from './recorded-probe.ts'
import { seenWithKernel } from './seen.ts'

type Said = Readonly<Record<string, ProbeResult>>

/** What iptables, ebtables and conntrack printed: test/fixtures/seen/record-rules.mjs. */
export const seenRules = seenWithKernel<Readonly<Record<'nft' | 'legacy' | 'ebtables' | 'conntrack', Said>>>('rules')

/** A program that did nothing and said nothing. */
export const NOTHING: ProbeResult = { status: 0, stdout: '', stderr: '' }

/** What iptables-nft-save says if the other back end holds something. */
export const WARNING = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n'

/** The programs that answer, by command line, in a world that has no others. */
export type Programs = Readonly<Record<string, ProbeResult | ProbeError>>

export const nft = (name: string): Programs => ({ 'iptables-nft-save -c': seenRules.nft[name]! })
export const legacy = (name: string): Programs => ({ 'iptables-legacy-save -c': seenRules.legacy[name]! })

/** Makes a check: what the programs say before the watched command, and after it. */
export async function lookAtRules(
  spec: Readonly<Record<string, unknown>>,
  before: Programs,
  after: Programs,
): Promise<Judgement> {
  const check = checks.get(Object.keys(spec)[0]!)!
  const parsed = check.schema.parse(spec)
  const armed = await check.arm(parsed, probeOf(before))
  return await check.look(parsed, probeOf(after), new Map(), armed)
}

/** The eyes of a check where just these programs are, and iptables lists something when it is asked for a list. */
function probeOf(programs: Programs): Probe {
  return programsProbe((typed) => {
    const result = programs[typed] ?? (/ -nvL |^cat /.test(typed) ? NOTHING : undefined)
    if (result instanceof ProbeError) throw result
    if (result === undefined) throw new ProbeError('missing-tool', `${typed.split(' ')[0]}: No such file or directory`)
    return result
  })
}

/** The eyes of a check for which programs say what `answer` has for their command line. */
export function programsProbe(answer: (typed: string) => ProbeResult): Probe {
  return {
    ...recordedProbe,
    run: async (_place, command) => answer(command.join(' ')),
    start: async (_place, command) => {
      const { status, stdout, stderr } = answer(command.join(' '))
      return {
        onStdout: (listener) => listener(Buffer.from(stdout)),
        onStderr: (listener) => listener(Buffer.from(stderr)),
        signal: () => {},
        ended: Promise.resolve({ status, signal: 0 }),
      }
    },
  }
}
