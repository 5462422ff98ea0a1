import { describe, expect, it } from 'vitest'
import { readable } from '../../../src/reporters/describe.ts'
import { text } from '../../../src/reporters/text.ts'
import type { CommandResult } from '../../../src/run/results.ts'

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
    const report = text.open({ write, colour: false, live: false, plain: false, links: false, width: 80 })
    report({ type: 'command-end', result: ended, number: 1, time: 0 } as Parameters<typeof report>[0])
    const written = parts.join('')
    if (typeof shown === 'string') expect(written).toBe(shown)
    else expect(written).toMatch(shown)
  })
})
