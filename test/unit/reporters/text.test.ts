import { describe, expect, it } from 'vitest'
import { readable } from '../../../src/reporters/describe.ts'
import { notPassed } from '../../../src/reporters/not-passed.ts'
import { text } from '../../../src/reporters/text.ts'
import { ledgerOf } from '../../../src/run/collect.ts'
import type { BlockResult, CommandResult, LabResult, Status } from '../../../src/run/results.ts'

describe('evidence for people', () => {
  it('is the output, and of what is made for programs and does not fit only the command', () => {
    const long = `[${'{"ifname":"lo"},'.repeat(20)}{}]\n`
    expect(readable({ command: 'ip -j netns list', output: '[]\n' })).toBe('ip -j netns list\n[]')
    expect(readable({ command: 'ip -j -d link show', output: long })).toBe('ip -d link show')
    expect(readable({ command: 'ip netns exec a bridge -j fdb', output: long })).toBe('ip netns exec a bridge fdb')
    expect(readable({ command: 'iptables-save -c', output: '# a rule\n'.repeat(9) })).toBe('iptables-save -c')
    expect(readable({ command: 'ping -c 1 10.0.0.1', output: 'no\nreply\n' })).toBe('ping -c 1 10.0.0.1\nno\nreply')
  })
})

describe('a command for people', () => {
  const result: CommandResult = {
    ...{ text: 'grep x', line: 3, exit: 1, status: 'passed', output: '', reason: null, diff: null },
    ...{ compared: false, duration: 1 },
  }

  it.each([
    [result, '    [exit 1]\n'],
    [{ ...result, exit: 0 }, ''],
    [{ ...result, status: 'failed' as const, reason: 'ended with status 1, expected 0' }, /^ {2}✗ ended with status 1/],
  ])('shows a status that is not 0 once: %#', (ended, shown) => {
    const parts: string[] = []
    const write = (part: string) => void parts.push(part)
    const report = text.open({ write, colour: false, live: false, plain: false, links: false, width: 80, height: 24 })
    report({ type: 'command-end', result: ended, number: 1, time: 0 } as Parameters<typeof report>[0])
    const written = parts.join('')
    if (typeof shown === 'string') expect(written).toBe(shown)
    else expect(written).toMatch(shown)
  })
})

describe('the end of a lab for people', () => {
  const command = (line: number, status: Status, text: string): CommandResult => ({
    ...{ text, line, exit: null, status, output: '', reason: null, diff: null, compared: false, duration: 0 },
  })
  const block = (commands: readonly CommandResult[], more: Partial<BlockResult> = {}): BlockResult => ({
    ...{ line: 1, terminal: 'main', commands, exit: null, status: 'passed', output: '', reason: null, diff: null },
    ...{ outputStatus: null, outputLine: null, ...more },
  })
  const result = (blocks: readonly BlockResult[]): LabResult => ({
    ...{ lab: 'x', file: 'x.md', title: 'X', status: 'failed', trouble: null, duration: 0 },
    steps: [{ id: 's', title: 'S', line: 1, status: 'failed', followsFailure: null, blocks, checks: [] }],
    ledger: ledgerOf([]),
  })
  const sink = { colour: false, live: true, plain: false, width: 40 }

  it('names what did not pass with its place, what is wrong first', () => {
    const commands = [
      command(3, 'passed', 'true'),
      command(4, 'skipped', 'echo one\necho two'),
      command(5, 'failed', 'iptables -A INPUT -s 192.168.178.1/32 -j LOG --log-prefix \u001b[2Jxyz'),
    ]
    const blocks = [
      block(commands, { outputStatus: 'error', outputLine: 9 }),
      block([command(12, 'failed', 'touch /secret')], { sealed: true }),
    ]
    expect(notPassed(result(blocks), sink)).toEqual([
      '  ✗ x.md:5 iptables -A INPUT -s\n    192.168.178.1/32 -j LOG --log-prefix\n    xy …',
      '  ! x.md:9 expected output',
      '  ✗ x.md:12 a sealed command',
      '  - x.md:4 echo one …',
    ])
  })

  it('names ten of many, and counts the others', () => {
    const many = Array.from({ length: 14 }, (_, index) => command(index + 1, 'skipped', 'true'))
    const lines = notPassed(result([block(many)]), sink)
    expect(lines).toHaveLength(11)
    expect(lines.at(-1)).toBe('  and 4 more')
  })
})
