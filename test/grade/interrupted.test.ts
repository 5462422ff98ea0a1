import { describe, expect, it } from 'vitest'
import type { Work } from '../../src/submission/work.ts'
import { fence, frontMatter } from '../support/lab-text.ts'
import { replayed } from './replay.ts'

const LAB = [
  frontMatter(),
  '## Room',
  fence('sh solution', 'ip netns add red'),
  fence('yaml check', '- netns: red'),
].join('\n')

describe('a command that the student has interrupted', () => {
  it('does not keep the replay waiting, and what came after it counts', { timeout: 100_000 }, async () => {
    const at = '2026-11-20T10:00:00.000Z'
    const commands = [
      { terminal: 'main', text: 'sleep 1000', exit: null, at },
      { terminal: 'main', text: 'ip netns add red', exit: 0, at },
    ]
    const work: Work = { steps: [{ id: 'room', commands, answers: [] }] }
    const { step, trouble } = await replayed(work, LAB)
    expect(trouble).toBeNull()
    expect(step('room').commands.map(({ text, exit }) => [text, exit])).toEqual([
      ['sleep 1000', null],
      ['ip netns add red', 0],
    ])
    expect(step('room').status).toBe('passed')
  })
})
