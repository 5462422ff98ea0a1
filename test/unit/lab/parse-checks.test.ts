import { expect, test } from 'vitest'
import type { CheckItem } from '../../../src/lab/lab.ts'
import { fence, itemsOf } from '../../support/lab-text.ts'

function checksOf(...lines: readonly string[]): CheckItem[] {
  return itemsOf(fence('yaml check', ...lines)).filter((item) => item.kind === 'check')
}

test('a check has its place, its name for people, and what its kind makes of it', () => {
  expect(
    checksOf('- netns: [a, b]', '- ping:   a   ->   10.0.0.2', '  expect: no-reply', '  why: no cable'),
  ).toMatchObject([
    { check: 'netns', line: 7, column: 3, label: 'netns: a, b', spec: { netns: ['a', 'b'] } },
    {
      check: 'ping',
      line: 8,
      column: 3,
      label: 'ping: a -> 10.0.0.2, expect: no-reply',
      why: 'no cable',
      spec: { ping: { from: 'a', to: '10.0.0.2' }, expect: 'no-reply', count: 1 },
    },
  ])
})

test('what every check may say', () => {
  const [first, second] = checksOf(
    '- netns: a',
    '  id: one',
    '  within: 300ms',
    '  points: 2',
    '  hidden: true',
    '  holds: before',
    '- netns: b',
    '  hidden: true',
    '  needs: [one]',
    '  within: 1.5',
  )
  expect(first).toMatchObject({ id: 'one', within: 300, points: 2, hidden: true, guards: true, needs: [] })
  expect(second).toMatchObject({ id: undefined, within: 1500, hidden: true, guards: false, needs: ['one'] })
  expect(checksOf('- netns: a')[0]?.within).toBeUndefined()
})

test.each([
  ['link: lo', { link: { place: 'host', device: 'lo' } }],
  ['link: net1/veth1@x', { link: { place: 'net1', device: 'veth1@x' } }],
  ['{link: a/b, peer: c/d}', { link: { place: 'a', device: 'b' }, peer: { place: 'c', device: 'd' } }],
  ['{addr: lo, has: 10.0.0.1/24}', { has: ['10.0.0.1/24'] }],
  ['{addr: lo, lacks: [10.0.0.1/24, fd00::1/64]}', { lacks: ['10.0.0.1/24', 'fd00::1/64'] }],
  ['route: default', { route: 'default', in: 'host' }],
  ['{route: fd00::/64, in: net1, absent: true}', { route: 'fd00::/64', in: 'net1', absent: true }],
  ['{bridge: br0, ports: [a, b], stp: false}', { ports: ['a', 'b'], stp: false }],
  ['{neigh: 10.0.0.2, state: [reachable, stale]}', { state: ['reachable', 'stale'] }],
  ['{sysctl: net.ipv4.ip_forward, is: 1}', { is: '1' }],
  ['{run: "true", exit: any}', { run: 'true', exit: 'any', in: 'host' }],
])('%s', (check, spec) => {
  expect(checksOf(`- ${check}`)).toMatchObject([{ spec }])
})

test('a key that is the name of another kind too belongs to the kind that comes first', () => {
  expect(checksOf('- {neigh: 10.0.0.2, dev: a, in: net1}')[0]).toMatchObject({ check: 'neigh' })
})

test.each([
  ['answer: 42', 42],
  ['answer: ping', 'ping'],
  ['answer: [a, b]', ['a', 'b']],
  ['answer: {from: hostname}', { from: 'hostname' }],
])('a question with %s', (line, answer) => {
  const items = itemsOf(fence('yaml question', 'ask: What?', line, 'tolerance: 1', 'points: 3'))
  expect(items).toMatchObject([{ kind: 'question', line: 7, ask: 'What?', answer, tolerance: 1, points: 3 }])
})
