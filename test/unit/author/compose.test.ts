import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandsOf, type Draft, type DraftCommand, type DraftItem } from '../../../src/author/draft.ts'
import { blocksOf } from '../../../src/author/observe.ts'
import { composeUnrun } from '../../../src/author/settle.ts'
import { importDraft } from '../../../src/author/transcript/import-draft.ts'
import { checks } from '../../../src/checks/index.ts'
import { splitCommands } from '../../../src/lab/commands.ts'
import { lab, parse } from '../../support/lab-text.ts'

const command = fc
  .oneof(
    fc.constantFrom(
      'ip netns add a',
      'cat <<END\n```\n> x\n\n# y\nEND',
      'for i in 1; do\n  echo $i\ndone',
      'echo "a\nb"',
      '$ odd',
      'a \\\n  b',
      '[exit 3]',
      '...',
    ),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }),
  )
  .map((text) => splitCommands(text).commands[0]?.text ?? 'true')
const printed = fc.option(
  fc
    .array(fc.constantFrom('a', '', '# b', '$ c', '> d', '[exit 1]', '...', '<int>', '<x:y>', '/z/', '```', '{{n}}'), {
      maxLength: 4,
    })
    .map((lines) => lines.map((line) => `${line}\n`).join('')),
  { nil: undefined },
)
const item: fc.Arbitrary<DraftItem> = fc.oneof(
  fc.record({
    kind: fc.constant('command' as const),
    text: command,
    terminal: fc.constantFrom('main', 'two'),
    duration: fc.constantFrom(undefined, 20, 15_000),
    line: fc.constant(1),
    printed,
  }),
  fc.record({ kind: fc.constant('text' as const), text: fc.constantFrom('```sh\nls\n```', 'words', '````') }),
  fc.record({
    kind: fc.constant('prose' as const),
    markdown: fc.constantFrom(
      'Words.',
      '<details><summary>Solution</summary>',
      '</details>',
      '<!-- step: x -->',
      '<!--',
      '<pre>',
      'Title\n---',
      '## Two',
      '- a list',
      '```sh\nls\n```',
      '> quoted',
      '    indented',
      '---',
      '~~~',
    ),
  }),
)

test('whatever is in a draft, its lab has no mistake, and types the same commands in the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(item, { maxLength: 6 }), { maxLength: 3 }), (sections) => {
      const draft = {
        title: 'A lab',
        world: 'isolated' as const,
        intro: [],
        sections: sections.map((items, index) => ({ title: `Step ${index}`, items })),
      }
      const all = draft.sections.flatMap(commandsOf)
      const text = composeUnrun(draft, 'A remark -->', checks)
      if (!isLab(draft)) return
      expect(parse(text).problems).toEqual([])
      expectTyped(text, all)
    }),
    { numRuns: 300 },
  )
})

/** Without a command that bash understands it is no lab, whatever else is in it. */
function isLab({ sections }: Draft): boolean {
  return sections.flatMap(commandsOf).some(({ text }) => !splitCommands(text).unfinished)
}

/** What was left out because bash does not understand it is still there to read. */
function expectTyped(text: string, all: readonly DraftCommand[]): void {
  const typed = blocksOf(lab(text)).flatMap(({ commands }) => commands.map((one) => one.text))
  const rest = all.map((one) => one.text.trimEnd())
  for (const one of typed) {
    const index = rest.indexOf(one.trimEnd())
    expect(index, `${one} in ${JSON.stringify(rest)}`).toBeGreaterThanOrEqual(0)
    for (const shown of rest.splice(0, index + 1).slice(0, -1)) expect(text).toContain(shown.split('\n')[0])
  }
}

test('whatever is imported without being run, the lab has no mistake', () => {
  const piece = fc.constantFrom(
    '```',
    '```sh',
    '~~~',
    '$ ip a',
    '$ ip netns add "',
    '# ip r',
    'root@a:~# cat <<X',
    'X',
    '<pre>',
    '</pre>',
    '---',
    '<details>',
    '> ',
    'Some words.',
    '## It',
    '    ip a',
    '',
    '- item',
    '1: lo',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (lines) => {
      const { draft } = importDraft(lines.join('\n'), { world: 'isolated', title: undefined, fallback: 'It' })
      const text = composeUnrun(draft, 'A remark', checks)
      const { problems } = parse(text)
      if (isLab(draft)) expect(problems).toEqual([])
    }),
    { numRuns: 300 },
  )
})
