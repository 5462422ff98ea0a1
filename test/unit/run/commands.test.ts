import { describe, expect, test } from 'vitest'
import { fence, oneStep } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

describe('the status that a command must have', () => {
  test.each([
    ['sh', ['true', 'false'], ['passed', 'failed']],
    ['sh', ['false', 'true'], ['failed', 'passed']],
    ['sh exit=1', ['true', 'false'], ['passed', 'passed']],
    ['sh exit=1', ['false', 'false'], ['failed', 'passed']],
    ['sh exit=1', ['true', 'true'], ['passed', 'failed']],
    ['sh exit=any', ['false', '(exit 7)', 'true'], ['passed', 'passed', 'passed']],
    ['sh exit=3', ['exit 3'], ['passed']],
    ['sh exit=3', ['exit 4'], ['failed']],
    ['console', ['# false', '[exit 1]', '# (exit 7)', '[exit 7]', '# true'], ['passed', 'passed', 'passed']],
    ['console', ['# false', '# true', '[exit 1]'], ['failed', 'failed']],
    ['console exit=any', ['# false', '# (exit 7)'], ['passed', 'passed']],
  ])('%s: %j', async (info, lines, statuses) => {
    const { blocks } = await runText(oneStep(fence(info, ...lines)))
    expect(blocks[0]!.commands.map(({ status }) => status)).toEqual(statuses)
    expect(blocks[0]!.status).toBe(statuses.includes('failed') ? 'failed' : 'passed')
  })

  test('what is said of one that has another', async () => {
    const { blocks } = await runText(oneStep(fence('sh', 'echo out; echo err >&2; (exit 7)')))
    expect(blocks[0]).toMatchObject({ status: 'failed', exit: 7, output: 'out\nerr\n' })
    expect(blocks[0]!.reason).toBe('ended with status 7, expected 0')
  })
})

describe('expected output', () => {
  test('of a block is that of all its commands', async () => {
    const { blocks, result } = await runText(
      oneStep(fence('sh', 'echo one', 'echo two'), fence('output', 'one', 't<*>')),
    )
    expect(blocks[0]).toMatchObject({ status: 'passed', outputStatus: 'passed', output: 'one\ntwo\n' })
    expect(result.ledger).toMatchObject({ planned: 3, passed: 3 })
  })

  test('that is not printed fails with a difference', async () => {
    const { blocks } = await runText(oneStep(fence('sh', 'echo one', 'echo 2'), fence('output', 'one', 'two')))
    expect(blocks[0]).toMatchObject({
      status: 'failed',
      outputStatus: 'failed',
      commands: [{ status: 'passed' }, { status: 'passed' }],
      diff: [
        { kind: 'same', text: 'one' },
        { kind: 'missing', text: 'two' },
        { kind: 'unexpected', text: '2' },
      ],
    })
  })

  test('in a transcript belongs to its command', async () => {
    const { blocks } = await runText(
      oneStep(fence('console', '# echo one', 'one', '# echo two', 'three', '# echo four')),
    )
    expect(blocks[0]!.commands.map(({ status }) => status)).toEqual(['passed', 'failed', 'failed'])
    expect(blocks[0]!.commands[2]!.diff).toEqual([{ kind: 'unexpected', text: 'four' }])
  })

  test('is compared also where the status is wrong, and not where something was not run', async () => {
    const wrong = await runText(oneStep(fence('sh', 'echo a; false'), fence('output', 'a')))
    expect(wrong.blocks[0]).toMatchObject({ status: 'failed', outputStatus: 'passed' })
    const notRun = await runText(oneStep(fence('sh timeout=200ms', 'sleep 9', 'echo a'), fence('output', 'a')))
    expect(notRun.blocks[0]).toMatchObject({ status: 'failed', outputStatus: 'skipped' })
  })

  test('is not compared with something of which a part was thrown away', async () => {
    const { blocks } = await runText(oneStep(fence('sh', 'seq 400000'), fence('output', '...')))
    expect(blocks[0]).toMatchObject({ status: 'error', outputStatus: 'error' })
    expect(blocks[0]!.reason).toMatch(/too much/)
  })
})

describe('a value that an output remembers', () => {
  test('is the same in later outputs, and is put into later checks', async () => {
    const text = oneStep(
      fence('sh', 'mktemp -u XXXX > name; echo "name $(cat name)"', 'ip link add "$(cat name)" type bridge'),
      fence('output', 'name <name:*>'),
      fence('console', '# echo again $(cat name)', 'again <name:*>', '# echo again other', 'again <name:*>'),
      fence(
        'yaml check',
        '- bridge: "{{name}}"',
        '- run: cat /root/name',
        '  output: "{{name}}"',
        '- bridge: "{{name}}x"',
      ),
    )
    const { blocks, checks } = await runText(text)
    expect(blocks[1]!.commands.map(({ status }) => status)).toEqual(['passed', 'failed'])
    expect(checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed'])
  })

  test('by a check is put into later checks', async () => {
    const lines = [
      '- run: echo 42',
      '  output: <answer:int>',
      '- run: test {{answer}} = 42',
      '- run: echo 43',
      '  output: <answer:int>',
    ]
    const { checks } = await runText(oneStep(fence('yaml check', ...lines)))
    expect(checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed'])
  })
})

test('all blocks of a terminal are typed into one shell, and each terminal has its own', async () => {
  const text = oneStep(
    fence('sh', 'cd /tmp', 'x=main', 'f() { echo "f: $x"; }'),
    fence('sh terminal=other', 'pwd', 'echo "[$x]"'),
    fence('output', '/root', '[]'),
    fence('sh', 'pwd', 'f'),
    fence('output', '/tmp', 'f: main'),
  )
  expect((await runText(text)).result.status).toBe('passed')
})

test('each run has a world of its own', async () => {
  const text = oneStep(fence('console', '# ip netns list', '# ls /tmp', '# ip netns add left; touch /tmp/left'))
  expect((await runText(text)).result.status).toBe('passed')
  expect((await runText(text)).result.status).toBe('passed')
})
