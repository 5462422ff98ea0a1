import { expect, test } from 'vitest'
import { fence, itemsOf } from '../../support/lab-text.ts'

const WORK = fence('sh', 'true')

test('a hint is shown when asked for, and its commands are not run', () => {
  const items = itemsOf(WORK, '<details><summary>Hint</summary>', fence('sh', 'reboot'), '</details>', '', 'After.')
  expect(items.map(({ kind }) => kind)).toEqual(['block', 'aside', 'prose'])
  expect(items[1]).toMatchObject({ role: 'hint', summary: 'Hint', line: 10 })
  expect(items[1]).toHaveProperty('markdown', expect.stringContaining('reboot'))
  expect(items[2]).toHaveProperty('markdown', expect.not.stringContaining('reboot'))
})

test('a solution has the commands that are run', () => {
  const inside = fence('sh solution', 'ip netns add a')
  const items = itemsOf('<details><summary>Solution</summary>', inside, '</details>', fence('yaml check', '- netns: a'))
  expect(items).toMatchObject([
    { kind: 'block', role: 'solution', commands: [{ text: 'ip netns add a' }] },
    { kind: 'aside', role: 'solution' },
    { kind: 'check' },
  ])
})

test('two of them may follow each other without a blank line', () => {
  const hint = (text: string) => [`<details><summary>${text}</summary>`, fence('sh', text), '</details>'].join('\n')
  const items = itemsOf(WORK, hint('first'), hint('second'))
  expect(items.filter(({ kind }) => kind !== 'prose')).toMatchObject([
    { kind: 'block', commands: [{ text: 'true' }] },
    { kind: 'aside', summary: 'first' },
    { kind: 'aside', summary: 'second' },
  ])
})
