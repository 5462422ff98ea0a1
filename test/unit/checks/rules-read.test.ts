import { describe, expect, test } from 'vitest'
import { ProbeError, type ProbeResult } from '../../../src/world/probes.ts'
import { legacy, lookAtRules, NOTHING, type Programs, seenRules, WARNING } from '../../support/rules-probe.ts'

const DNAT = 'nat PREROUTING -p tcp -i o0 --dport 8080 -j DNAT --to 10.0.0.2:80'

describe('what is not known never holds', () => {
  const ABSENT = { iptables: 'filter INPUT -p tcp -j DROP', absent: true }
  const fails = (stderr: string, status = 1): ProbeResult => ({ status, stdout: '', stderr })
  const foreign = "# Table `filter' is incompatible, use 'nft' tool.\n"

  test.each<[string, Programs, string]>([
    ['there is no iptables', {}, 'missing-tool'],
    ['it may not look', { 'iptables-nft-save -c': fails('Permission denied (you must be root)') }, 'not-permitted'],
    ['it fails', { 'iptables-nft-save -c': fails('iptables-nft-save: out of memory', 3) }, 'trouble'],
    ['the table is not its own', { 'iptables-nft-save -c': { ...NOTHING, stdout: foreign } }, 'trouble'],
    [
      'there is something that it cannot show',
      { 'iptables-nft-save -c': { ...NOTHING, stderr: WARNING } },
      'missing-tool',
    ],
    [
      'the other back end may not be read',
      {
        'iptables-nft-save -c': { ...NOTHING, stderr: WARNING },
        'iptables-legacy-save -c': fails('Permission denied'),
        'iptables-legacy-save -c -t filter': fails('Permission denied'),
      },
      'not-permitted',
    ],
  ])('if %s', async (_what, programs, code) => {
    const looking = lookAtRules(ABSENT, programs, programs)
    await expect(looking).rejects.toBeInstanceOf(ProbeError)
    await expect(looking).rejects.toMatchObject({ code })
  })

  test.each<[string, Programs]>([
    [
      'a kernel without nf_tables',
      {
        'iptables-nft-save -c': fails('iptables-nft-save: Failed to initialize nft: Protocol not supported'),
        ...legacy('empty'),
      },
    ],
    ['an old iptables', { 'iptables-save -c': seenRules.legacy.empty! }],
    [
      'a list of legacy tables that may not be read',
      {
        'iptables-nft-save -c': NOTHING,
        'cat /proc/net/ip_tables_names': fails('cat: /proc/net/ip_tables_names: Permission denied'),
        'iptables-legacy-save -c': fails('Permission denied'),
        'iptables-legacy-save -c -t filter': seenRules.legacy.empty!,
      },
    ],
    [
      'such a list, and a kernel without this table',
      {
        'iptables-nft-save -c': NOTHING,
        'cat /proc/net/ip_tables_names': fails('cat: /proc/net/ip_tables_names: Permission denied'),
        'iptables-legacy-save -c': fails('Permission denied'),
        'iptables-legacy-save -c -t filter': fails("can't initialize iptables table `filter': Table does not exist"),
      },
    ],
    [
      'a table of another tool beside it',
      { 'iptables-nft-save -c': { ...NOTHING, stdout: foreign.replace('filter', 'nat') } },
    ],
  ])('%s is no trouble', async (_what, programs) => {
    expect(await lookAtRules(ABSENT, programs, programs)).toMatchObject({ holds: true })
  })

  test('where the list of legacy tables may not be read, their rules are found all the same', async () => {
    const programs = {
      'iptables-nft-save -c': NOTHING,
      'cat /proc/net/ip_tables_names': fails('cat: /proc/net/ip_tables_names: Permission denied'),
      'iptables-legacy-save -c': fails('Permission denied'),
      'iptables-legacy-save -c -t nat': seenRules.legacy.after!,
    }
    expect(await lookAtRules({ iptables: DNAT, absent: true }, programs, programs)).toMatchObject({ holds: false })
  })

  test.each([1, 255])('ebtables ends with status %i', async (status) => {
    const programs = { 'ebtables -t filter -L --Lc': fails('The kernel does not support the ebtables table', status) }
    await expect(
      lookAtRules({ ebtables: 'filter INPUT -j DROP', absent: true }, programs, programs),
    ).rejects.toBeInstanceOf(ProbeError)
  })
})
