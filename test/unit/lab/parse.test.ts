import { describe, expect, test } from 'vitest'
import { isStep } from '../../../src/lab/lab.ts'
import { fence, frontMatter, itemsOf, lab, oneStep, parse } from '../../support/lab-text.ts'

const WORK = fence('sh', 'true')

describe('front matter', () => {
  test('what is not said has its default', () => {
    expect(lab(`${frontMatter()}# A title\n\n## It\n${WORK}`)).toMatchObject({
      id: 'demo',
      file: 'demo.md',
      title: 'A title',
      summary: undefined,
      minutes: undefined,
      world: { lan: undefined },
      tools: [],
      machine: 'any',
      from: undefined,
      params: {},
    })
  })

  test('what is said is taken', () => {
    const lines = ['title: T', 'summary: S', 'minutes: 5', 'tools: [ip, ping]', 'machine: vm', 'from: 01-netns#ports']
    const values = {
      title: 'T',
      summary: 'S',
      minutes: 5,
      tools: ['ip', 'ping'],
      machine: 'vm',
      from: '01-netns#ports',
    }
    expect(lab(`${frontMatter(...lines)}# Other\n\n## It\n${WORK}`)).toMatchObject(values)
  })

  test('without a title and a heading, the file has given its name', () => {
    expect(lab(oneStep(WORK)).title).toBe('demo')
  })

  test.each([
    ['world: isolated', undefined],
    ['world: lan', { uplink: { name: 'ens33', address: '192.168.0.10/24' }, gateway: '192.168.0.2' }],
    ['world: {gateway: 10.0.0.1}', { uplink: { name: 'ens33' }, gateway: '10.0.0.1', client: '192.168.0.129' }],
    ['world: {uplink: {name: eth7}}', { uplink: { name: 'eth7', address: '192.168.0.10/24' } }],
  ])('%s', (line, lan) => {
    const { world } = lab(`${frontMatter(line)}## It\n${WORK}`)
    if (lan) expect(world.lan).toMatchObject(lan)
    else expect(world.lan).toBeUndefined()
  })

  test('it may end with three dots, and be followed by nothing but the lab', () => {
    expect(lab(`---\nlabrun: 1\n...\n## It\n${WORK}`).steps).toHaveLength(1)
  })
})

describe('steps', () => {
  test('a section that holds work is a step, another is prose', () => {
    const text = `${frontMatter()}Hello.\n\n## Read\n\nWords.\n\n## Do\n${WORK}\n## Look\n${fence('yaml check', '- netns: a')}`
    const { sections, steps } = lab(`${text}\n## Ask\n${fence('yaml question', 'ask: why', 'answer: 42')}`)
    expect(sections.map(({ title }) => title)).toEqual(['', 'Read', 'Do', 'Look', 'Ask'])
    expect(sections.map(isStep)).toEqual([false, false, true, true, true])
    expect(steps.map(({ id, line }) => [id, line])).toEqual([
      ['do', 10],
      ['look', 16],
      ['ask', 22],
    ])
  })

  test('ids come from headings as anchors do, and differ', () => {
    const titles = ['Plug it in!', 'Plug it in', '  -- 网桥 and `br0` --', '!!!', 'plug-it-in-1', '???']
    const { steps } = lab(`${frontMatter()}${titles.map((title) => `## ${title}\n${WORK}`).join('\n')}`)
    expect(steps.map(({ id }) => id)).toEqual([
      'plug-it-in',
      'plug-it-in-1',
      '网桥-and-br0',
      'step',
      'plug-it-in-1-1',
      'step-1',
    ])
  })

  test('a heading may be underlined, and one inside a list or a quotation is no step', () => {
    const { steps } = lab(`${frontMatter()}It\n--\n${WORK}\n- ## no\n\n> ## no\n`)
    expect(steps.map(({ id }) => id)).toEqual(['it'])
  })

  test.each([
    ['<!-- step: a -->', { id: 'a', experiments: [], points: undefined, needs: [] }],
    ['<!--step: a-->', { id: 'a' }],
    ['<!-- step: a experiment: A2 points: 1.5 -->', { id: 'a', experiments: ['A2'], points: 1.5 }],
    ['<!-- step: a experiment: [A2, A3] needs: [first] -->', { experiments: ['A2', 'A3'], needs: ['first'] }],
    ['<!-- step: a\n     needs: first -->', { id: 'a', needs: ['first'] }],
  ])('directive %s', (directive, expected) => {
    const { steps } = lab(`${frontMatter()}## First\n${WORK}\n## It\n\n${directive}\n${WORK}`)
    expect(steps[1]).toMatchObject(expected)
  })

  test('another comment is prose', () => {
    const { steps } = lab(oneStep('', '<!-- next step: a -->', WORK))
    expect(steps.map(({ id }) => id)).toEqual(['it'])
  })
})

describe('commands', () => {
  test('an sh block has its commands with their lines', () => {
    const [block] = itemsOf(fence('sh', 'echo one', '', '# a comment', 'for i in 1 2; do', '  echo $i', 'done'))
    expect(block).toMatchObject({
      kind: 'block',
      line: 6,
      form: 'sh',
      role: 'shown',
      terminal: 'main',
      background: false,
      until: 'step',
      timeout: 30_000,
      expected: undefined,
      commands: [
        { text: 'echo one', line: 7, exit: 0, expected: undefined },
        { text: 'for i in 1 2; do\n  echo $i\ndone', line: 10, exit: 0 },
      ],
    })
  })

  test.each([
    ['sh setup', { role: 'setup' }],
    ['bash solution', { role: 'solution' }],
    ['sh terminal=left', { terminal: 'left' }],
    ['sh background', { background: true, until: 'step' }],
    ['sh background until=lab', { background: true, until: 'lab' }],
    ['sh timeout=300ms', { timeout: 300 }],
    ['sh   timeout=2   setup', { timeout: 2000, role: 'setup' }],
    ['console terminal=b timeout=1m', { form: 'console', terminal: 'b', timeout: 60_000 }],
  ])('%s', (info, expected) => {
    expect(itemsOf(fence(info, info.startsWith('console') ? '# true' : 'true'))).toMatchObject([expected])
  })

  test.each([
    ['sh exit=3', [0, 3]],
    ['sh exit=any', ['any', 'any']],
    ['sh', [0, 0]],
  ])('%s: the statuses that its commands must have', (info, exits) => {
    const [block] = itemsOf(fence(info, 'false', 'false'))
    expect(block?.kind === 'block' && block.commands.map(({ exit }) => exit)).toEqual(exits)
  })

  test('an output block belongs to the block before it, also with prose between', () => {
    const items = itemsOf(WORK, 'It prints:', fence('output', 'hello', 'world'), fence('sh', 'false'))
    expect(items.map(({ kind }) => kind)).toEqual(['block', 'prose', 'block'])
    expect(items[0]).toMatchObject({ expected: { line: 13 } })
    expect(items[2]).toMatchObject({ expected: undefined })
  })

  test('a transcript has commands, what continues them, their output and their status', () => {
    const lines = [
      '$ echo one',
      'one',
      '# cat <<END',
      '> two',
      '> END',
      'two',
      '',
      '[exit 0]',
      '# false',
      '[exit 1]',
      '# true',
    ]
    const [block] = itemsOf(fence('console', ...lines))
    expect(block).toMatchObject({
      form: 'console',
      commands: [
        { text: 'echo one', line: 7, exit: 0, expected: { line: 8 } },
        { text: 'cat <<END\ntwo\nEND', line: 9, exit: 0, expected: { line: 12 } },
        { text: 'false', line: 15, exit: 1 },
        { text: 'true', line: 17, exit: 0 },
      ],
    })
  })

  test.each(['', 'text', 'python', 'yaml', 'mermaid', 'json', 'shell-session'])(
    'a fence with "%s" is only shown',
    (info) => {
      const items = itemsOf(WORK, fence(info, 'rm -rf /'))
      expect(items.map(({ kind }) => kind)).toEqual(['block', 'prose'])
    },
  )
})

describe('Markdown', () => {
  test.each([
    ['tildes', '~~~sh\ntrue\n~~~', 'true'],
    ['more backticks, with backticks inside', '````sh\ncat <<END\n```\nEND\n````', 'cat <<END\n```\nEND'],
    ['a list', '1. do\n\n   ```sh\n   true\n     # deeper\n   echo\n   ```', 'true'],
    ['the line of a list item', '- ```sh\n  true\n  ```', 'true'],
    ['a quotation', '> ```sh\n> true\n> ```', 'true'],
    ['a tab', '-\tdo\n\n\t```sh\n\ttrue\n\t```', 'true'],
  ])('commands within %s', (_how, body, text) => {
    const [block] = itemsOf('', body).filter(({ kind }) => kind === 'block')
    expect(block).toMatchObject({ commands: [{ text }, ...(body.includes('deeper') ? [{ text: 'echo' }] : [])] })
  })

  test.each([
    ['the line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['the line ends of an old Mac', (text: string) => text.replaceAll('\n', '\r')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ])('%s make no difference', (_what, change) => {
    const text = oneStep(
      '',
      '<!-- step: a -->',
      fence('sh', 'cat <<END', 'x', 'END'),
      fence('yaml check', '- netns: a'),
    )
    expect(parse(change(text))).toEqual(parse(text))
  })
})
