import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderProse } from '../../../src/prose/prose.ts'

/** The rendered lines; also says that the text ends with one newline. */
function lines(markdown: string | readonly string[], width = 60, plain = false): string[] {
  const text = renderProse(typeof markdown === 'string' ? markdown : markdown.join('\n'), {
    width,
    colour: false,
    plain,
  })
  expect(text).toMatch(/(?:^|[^\n])\n$/)
  return text.slice(0, -1).split('\n')
}

const LAB = [
  '# A cable between two namespaces',
  '',
  'Prose for the reader. No commands yet, so this part is the introduction.',
  '',
  '## Plug it in',
  '',
  '<!-- step: plug experiment: A2 -->',
  '',
  'A veth pair is a **cable**: what goes in at one end comes out at the [other](https://example.org/veth).',
  '',
  '```sh',
  'ip netns add net1',
  '',
  'ip link add veth1 type veth peer name veth2 netns net2 # a line is never wrapped',
  '```',
  '',
  '<details><summary>Hint</summary>',
  '',
  'Both ends must be up. Look at `ip -n net2 link`.',
  '',
  '</details>',
]

describe('a lab', () => {
  it('reads well at 60 columns', () => {
    expect(lines(LAB)).toEqual([
      'A cable between two namespaces',
      '══════════════════════════════',
      '',
      'Prose for the reader. No commands yet, so this part is the',
      'introduction.',
      '',
      'Plug it in',
      '──────────',
      '',
      'A veth pair is a cable: what goes in at one end comes out at',
      'the other (https://example.org/veth).',
      '',
      '  ip netns add net1',
      '',
      '  ip link add veth1 type veth peer name veth2 netns net2 # a line is never wrapped',
      '',
      'Hint',
      '',
      'Both ends must be up. Look at `ip -n net2 link`.',
    ])
  })

  it('uses the room of 80 columns', () => {
    expect(lines(LAB, 80).slice(3, 9)).toEqual([
      'Prose for the reader. No commands yet, so this part is the introduction.',
      '',
      'Plug it in',
      '──────────',
      '',
      'A veth pair is a cable: what goes in at one end comes out at the other',
    ])
  })

  it('is told in words to a screen reader', () => {
    expect(lines(LAB, 80, true)).toEqual([
      'Title: A cable between two namespaces',
      '',
      'Prose for the reader. No commands yet, so this part is the introduction.',
      '',
      'Section: Plug it in',
      '',
      'A veth pair is a cable: what goes in at one end comes out at the other',
      '(https://example.org/veth).',
      '',
      'Code (sh):',
      '  ip netns add net1',
      '',
      '  ip link add veth1 type veth peer name veth2 netns net2 # a line is never wrapped',
      'End of code.',
      '',
      'Hint',
      '',
      'Both ends must be up. Look at `ip -n net2 link`.',
    ])
  })

  it('says the same in colour', () => {
    const markdown = LAB.join('\n')
    const coloured = renderProse(markdown, { width: 60, colour: true })
    expect(stripVTControlCharacters(coloured)).toBe(renderProse(markdown, { width: 60, colour: false }))
    expect(coloured).toContain('\x1b[1mcable\x1b[22m')
    expect(coloured).toContain('\x1b[4mother\x1b[24m (https://example.org/veth)')
    expect(coloured).toContain('\x1b[38;5;30m`ip -n net2 link`\x1b[39m')
    expect(coloured).toContain('  \x1b[38;5;30mip\x1b[39m netns add net1')
  })
})

describe('blocks', () => {
  it('hangs the text of lists under itself', () => {
    const markdown = [
      '9. The ninth item of this list is so long that it does not fit into one line.',
      '10. Next',
      '    - nested `one`',
      '    - nested two, also too long to be on one line with all its many words',
    ]
    expect(lines(markdown)).toEqual([
      ' 9. The ninth item of this list is so long that it does not',
      '    fit into one line.',
      '10. Next',
      '    • nested `one`',
      '    • nested two, also too long to be on one line with all',
      '      its many words',
    ])
    expect(lines(markdown, 80, true).slice(1)).toEqual([
      '10. Next',
      '    - nested one',
      '    - nested two, also too long to be on one line with all its many words',
    ])
  })

  it('parts the items of a loose list, and those with code, by a blank line', () => {
    expect(lines(['- one', '', '- two'])).toEqual(['• one', '', '• two'])
    expect(lines(['- one', '  ```', '  code', '  ```', '- two'])).toEqual(['• one', '', '    code', '', '• two'])
    expect(lines(['-', '- two'])).toEqual(['•', '• two'])
  })

  it('draws a bar beside a quote', () => {
    const markdown = ['> Both ends must be up before a single packet gets through, remember.', '>', '> - one']
    expect(lines(markdown)).toEqual([
      '│ Both ends must be up before a single packet gets through,',
      '│ remember.',
      '│',
      '│ • one',
    ])
    expect(lines(markdown, 80, true)).toEqual([
      'Note:',
      'Both ends must be up before a single packet gets through, remember.',
      '',
      '- one',
    ])
  })

  it('does not colour the bar like the text that is wrapped beside it', () => {
    const coloured = renderProse(`> ***${'word '.repeat(20)}end***`, { width: 40, colour: true })
    expect(coloured.split('\n')[1]).toMatch(/^\x1b\[2m│ \x1b\[22m/)
    expect(coloured.split('\n')[0]).toMatch(/\x1b\[2[23]m$/)
  })

  it('expands tabs of code and keeps everything else of it', () => {
    expect(lines(['```', 'a\tb', '\tc   d  ', '网\te', '```'])).toEqual([
      '  a       b',
      '          c   d',
      '  网      e',
    ])
    expect(lines('    indented')).toEqual(['  indented'])
  })

  it('tells commands from what they print', () => {
    const coloured = renderProse('```console\n# ip link\n1: lo\n```', { width: 60, colour: true })
    expect(coloured).toBe('  \x1b[2m# \x1b[22m\x1b[38;5;30mip\x1b[39m link\n  \x1b[2m1: lo\x1b[22m\n')
  })

  it('draws a rule', () => {
    expect(lines('***', 20)).toEqual(['────────────────────'])
    expect(lines('***', 20, true)).toEqual(['Break.'])
  })

  it('has no more than a newline for nothing', () => {
    expect(renderProse('', { width: 60, colour: true })).toBe('\n')
    expect(renderProse('<!-- a comment -->\n\n<script>alert(1)</script>', { width: 60, colour: true })).toBe('\n')
  })
})

describe('inline', () => {
  it.each([
    ['hard breaks', 'one  \ntwo\\\nthree<br>four', ['one', 'two', 'three', 'four']],
    ['soft breaks and comments', 'one\ntwo <!-- gone --> three', ['one two three']],
    ['entities', 'a &lt; b &amp; c &copy; `&amp;`', ['a < b & c © `&amp;`']],
    ['other HTML', 'Press <kbd>Ctrl</kbd>+<b>C</b>', ['Press Ctrl+C']],
    ['an address as its own text', '<https://example.org/> and <a@b.org>', ['https://example.org/ and a@b.org']],
    ['an image', '![the **bridge** br0](br0.png)', ['the bridge br0']],
    ['code with backticks', '`` a`b ``', ['`` a`b ``']],
    ['what is not marked up', '~~old~~ a_b_c 2 * 3 * 4', ['~~old~~ a_b_c 2 * 3 * 4']],
    ['an HTML block', '<div>\nOne &amp; <b>two</b>\n<p>Three</p></div>', ['One & two', 'Three']],
  ])('%s', (_, markdown, expected) => {
    expect(lines(markdown)).toEqual(expected)
  })

  it('lets an address stick out rather than cutting it', () => {
    const address = `https://example.org/${'x'.repeat(30)}`
    expect(lines(`See [the page](${address}) now.`, 30)).toEqual(['See the page', `(${address})`, 'now.'])
  })
})

describe('Chinese', () => {
  it('is wrapped by columns, keeps words and addresses whole, and starts no line with a full stop', () => {
    const text = [
      '网桥（bridge）是一个二层设备，它根据目的 MAC 地址转发以太网帧。把 `veth1` 接到网桥',
      '上之后，两个命名空间就可以互相通信了。',
    ]
    expect(lines(text, 30)).toEqual([
      '网桥（bridge）是一个二层设备，',
      '它根据目的 MAC 地址转发以太网',
      '帧。把 `veth1` 接到网桥上之',
      '后，两个命名空间就可以互相通信',
      '了。',
    ])
  })

  it('is wrapped between the items of a list without blanks', () => {
    expect(lines('命名空间net1、net2、net3、net4和net5都连接到网桥br0。', 20)).toEqual([
      '命名空间net1、net2、',
      'net3、net4和net5都连',
      '接到网桥br0。',
    ])
  })
})
