import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import wrapAnsi from 'wrap-ansi'
import { renderProse } from '../../../src/prose/prose.ts'
import { span } from '../../../src/prose/spans.ts'
import { wrap } from '../../../src/prose/wrap.ts'

const FORBIDDEN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

const RUNS = { numRuns: 150 }

/** Whatever the options: nothing for the terminal but our own colours, and the same text with and without them. */
function expectSafe(markdown: string, width: number): void {
  for (const plain of [false, true]) {
    const text = renderProse(markdown, { width, colour: false, plain })
    expect(text).not.toMatch(FORBIDDEN)
    expect(text).toMatch(/^(?:|[\s\S]*[^\n])\n$/)
    const coloured = renderProse(markdown, { width, colour: true, plain })
    expect(coloured.replace(/\x1b\[(?:[1-4]|2[2-4]|38;5;\d+|39)m/g, '')).toBe(text)
  }
}

describe('hostile text', () => {
  const RED = '\x1b[31mred\x1b]0;title\x07\x9b2J\u202etxt\u2066\x7f\x00\rover\x08'
  const ENTITIES = '&#27;[31m &#x9b; &#x202e; &#8294; &#13; &#10; &#9; &#0; &#127; &zwnj;'

  it.each([
    ['a paragraph', (text: string) => text],
    ['a heading', (text: string) => `# ${text}`],
    ['inline code', (text: string) => `\`${text}\``],
    ['code', (text: string) => `\`\`\`sh ${text}\n${text}\n\`\`\``],
    ['the language of code', (text: string) => `\`\`\`${text}\n${text}\n\`\`\``],
    ['a link', (text: string) => `[${text}](<https://example.org/${text}>)`],
    ['a link with percent signs', () => '[a](https://example.org/%1b%5b31m%e2%80%ae)'],
    ['an image', (text: string) => `![${text}](x.png)`],
    ['a table', (text: string) => `| a${text} | b |\n|---|---|\n| ${text} | c |`],
    ['an HTML block', (text: string) => `<div title="${text}">${text}</div>`],
    [
      'a picture',
      (text: string) =>
        `\`\`\`mermaid\ngraph LR\nsubgraph g [${text}]\na["${text}"]\nend\na -- "${text}" --- b\n\`\`\``,
    ],
  ])('gets nothing through to the terminal in %s', (_, place) => {
    expectSafe(place(RED.replace('\r', '')), 60)
    expectSafe(place(RED), 60)
    expectSafe(place(ENTITIES), 60)
  })

  it('shows where a control character was', () => {
    expect(renderProse('a\x1b[31mb `\x07`', { width: 60, colour: false })).toBe('a␛[31mb `␇`\n')
  })

  it.each([
    ['nested quotes', '> '.repeat(500)],
    ['nested lists', Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth * 2)}- x`).join('\n')],
    ['brackets', '['.repeat(5000)],
    ['open tags', '<div>\n<a<!--<!x'.repeat(2000)],
    ['one long word', 'x'.repeat(20_000)],
    ['many columns', `${'|a'.repeat(500)}|\n${'|-'.repeat(500)}|\n${'|b'.repeat(500)}|`],
    ['a large graph', `\`\`\`mermaid\ngraph LR\n${'a & '.repeat(999)}b --> c\n\`\`\``],
    [
      'deep groups',
      `\`\`\`mermaid\ngraph LR\n${Array.from({ length: 99 }, (_, n) => `subgraph s${n}`).join('\n')}\n\`\`\``,
    ],
  ])(
    'survives %s',
    (_, markdown) => {
      expectSafe(markdown, 40)
    },
    10_000,
  )

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 7.5])('survives a width of %s', (width) => {
    expectSafe('# Title\n\nSome words in a paragraph.\n\n| a | b |\n|---|---|\n| 1 | 2 |', width)
  })
})

describe('any text', () => {
  it('is rendered safely, whatever it is', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
    )
    fc.assert(fc.property(anything, fc.integer({ min: 1, max: 120 }), expectSafe), RUNS)
  })

  it('is rendered safely when it looks like a lab', () => {
    fc.assert(fc.property(labLike, fc.integer({ min: 1, max: 120 }), expectSafe), RUNS)
  })

  it('fits the width, but for code', () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 40, max: 100 }), fc.boolean(), (markdown, width, plain) => {
        const text = renderProse(markdown, { width, colour: false, plain })
        // wrap-ansi measures with another function than ours, which makes it a witness.
        expect(wrapAnsi(text, width, { hard: true, trim: false })).toBe(text)
      }),
      RUNS,
    )
  })

  it('loses nothing but blanks when it is wrapped', () => {
    const words = fc.array(fc.oneof(word, fc.string({ unit: 'grapheme-composite' })), { minLength: 1 })
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 30 }), fc.boolean(), (parts, width, hard) => {
        const spans = parts.map((part, index) => (index % 2 === 0 ? span(`${part} `, 'bold') : span(part)))
        const visible = (text: string) => text.replace(/\s/gu, '')
        const before = visible(spans.map(({ text }) => text).join(''))
        const after = visible(
          wrap(spans, width, { hard })
            .flat()
            .map(({ text }) => text)
            .join(''),
        )
        // Marks without a letter to sit on may go.
        const letters = (text: string) => text.replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
        expect(letters(after)).toBe(letters(before))
      }),
      RUNS,
    )
  })
})

const word = fc.constantFrom(
  'a',
  'veth1',
  '10.0.0.1/24',
  '**up**',
  '*or*',
  '`ip link`',
  '网桥',
  '（以太网）。',
  'é',
  '👍🏽',
  '&amp;',
  '한국어',
)
const sentence = fc.array(word, { minLength: 1, maxLength: 25 }).map((words) => words.join(' '))
const unspaced = fc
  .array(fc.constantFrom('网', '桥', '，', '（', '）', 'a1'), { minLength: 1, maxLength: 60 })
  .map((all) => all.join(''))
const text = fc.oneof(sentence, unspaced)
const table = fc
  .array(fc.array(sentence, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 4 })
  .map((rows) => ['| one | 二 |', '|---|--:|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n'))
const picture = fc
  .array(fc.tuple(fc.nat(5), fc.constantFrom('---', '-->', '-- text ---', '-->|网桥|', '-.-', '<==>'), fc.nat(5)), {
    maxLength: 5,
  })
  .map(
    (edges) =>
      `\`\`\`mermaid\ngraph LR\nsubgraph g [网]\nn0\nn1[n1<br>two]\nend\n${edges.map(([from, link, to]) => `n${from} ${link} n${to}`).join('\n')}\n\`\`\``,
  )

/** Blocks that fit into 40 columns. */
const prose = fc
  .array(
    fc.oneof(
      text,
      text.map((line) => `## ${line}`),
      fc
        .array(text, { minLength: 1, maxLength: 3 })
        .map((items) => items.map((item) => `- ${item}\n  1. ${item}`).join('\n')),
      text.map((line) => `> ${line}\n> > ${line}`),
      text.map((line) => `<details><summary>${line}</summary>\n\n${line}\n\n</details>`),
      table,
      picture,
      fc.constant('---'),
    ),
    { maxLength: 6 },
  )
  .map((blocks) => blocks.join('\n\n'))

const labLike = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: prose },
      fc
        .tuple(fc.constantFrom('sh', 'console', 'output', 'yaml check', 'mermaid', ''), fc.string({ unit: 'binary' }))
        .map(([language, code]) => `\`\`\`${language}\n${code}\n\`\`\``),
      fc.string({ unit: 'binary' }).map((comment) => `<!-- step: ${comment} -->`),
      fc.tuple(text, fc.string()).map(([label, address]) => `[${label}](<${address}>) ![${label}](${address})`),
    ),
    { maxLength: 6 },
  )
  .map((blocks) => blocks.join('\n\n'))
