import { describe, expect, it } from 'vitest'
import { stateLine } from '../../../../src/guide/own/notice.ts'
import { stageFrom } from '../../../../src/guide/own/stage.ts'
import type { Block, CheckItem, Item, Step } from '../../../../src/lab/lab.ts'
import type { CheckResult, Status } from '../../../../src/run/results.ts'

function result(label: string, status: Status, actual = ''): CheckResult {
  return {
    kind: 'link',
    line: 1,
    column: 1,
    label,
    status,
    expected: '',
    actual,
    evidence: [],
    why: null,
    diagnosis: null,
    tries: 1,
    duration: 0,
  }
}

function check(label: string, hidden = false): CheckItem {
  return { kind: 'check', label, hidden } as CheckItem
}

describe('the line above the prompt', () => {
  it('counts, and says what the first open check sees', () => {
    const held = result('netns: net1', 'passed')
    expect(stateLine([held, result('link: net2/veth2, state: up', 'failed', 'state is down')], [])).toBe(
      '1 of 2: net2/veth2: state is down',
    )
    expect(stateLine([result('link: veth2', 'failed', 'there is no device veth2')], [])).toBe(
      '0 of 1: there is no device veth2',
    )
    expect(stateLine([result('run: wc -l', 'failed', 'status 0, output differs:\n- 0\n+ 1')], [])).toBe(
      '0 of 1: wc -l: status 0, output differs',
    )
    expect(stateLine([held, held], [])).toBe('2 of 2 hold: next goes on.')
  })

  it('does not say that it does not hold where nobody could look', () => {
    const line = stateLine([result('link: veth2', 'error', 'could not find out: ip is missing')], [])
    expect(line).toBe('0 of 1: link: veth2: could not find out: ip is missing')
  })

  it('says in few words that a namespace is still missing', () => {
    const missing = result('link: net1/eth1, peer: host/veth1', 'error', "could not find out: there is no 'net1' yet")
    expect(stateLine([{ ...missing, cause: 'missing-namespace' }], [])).toBe("0 of 1: there is no 'net1' yet")
  })

  it('names what would send packets, but not what is hidden', () => {
    expect(stateLine([result('a', 'passed')], [check('ping: net1 -> 10.0.0.2')])).toBe(
      '1 of 2 hold; check: tries the last one (ping: net1 -> 10.0.0.2)',
    )
    expect(stateLine([result('a', 'passed')], [check('ping: secret', true)])).not.toContain('secret')
  })

  it('is one line, whatever a check has seen', () => {
    expect(stateLine([result('a', 'failed', 'b\u001b[2J\nc')], [])).not.toMatch(/[\u0000-\u001f]/)
  })
})

describe('a stage', () => {
  const prose: Item = { kind: 'prose', line: 1, markdown: '' }
  const block = (more: Partial<Block> = {}) => ({ kind: 'block', role: 'shown', background: false, ...more }) as Block
  const step = (...items: Item[]) => ({ items }) as unknown as Step

  it('ends before the next block after checks', () => {
    const [one, two, three] = [block(), block(), block()]
    const first = check('first')
    const stage = stageFrom(step(one, prose, two, first, prose, three, check('second')), one)
    expect(stage.blocks).toEqual([one, two])
    expect(stage.checks).toEqual([first])
    expect(stage.items).toHaveLength(5)
  })

  it('ends before a block that labrun itself starts, and leaves out what sets the step up', () => {
    const [one, background] = [block(), block({ background: true })]
    expect(stageFrom(step(one, block({ role: 'setup' }), background), one).items).toEqual([one])
  })
})
