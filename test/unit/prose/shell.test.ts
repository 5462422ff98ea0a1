import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellSpans } from '../../../src/prose/shell.ts'
import { wrapText } from '../../../src/prose/text.ts'

function styled(line: string): string[] {
  return shellSpans(line)
    .filter(({ styles }) => styles.length > 0)
    .map(({ text, styles }) => `${styles[0]}:${text}`)
}

describe('a line of shell', () => {
  it.each([
    ['ip -n net1 link set veth1 up', ['accent:ip']],
    ['ip a | grep -c "lo $X" # how many', ['accent:ip', 'accent:grep', 'good:"lo $X"', 'dim:# how many']],
    ['A=1 B=$A run --it=$(date +%s) > out', ['name:$A', 'accent:run', 'accent:date']],
    [
      'for i in 1 2; do ping -c1 10.0.0.$i && echo ok; done',
      ['bold:for', 'bold:do', 'accent:ping', 'name:$i', 'accent:echo', 'bold:done'],
    ],
    ["echo 'an open string", ['accent:echo', "good:'an open string"]],
    ['echo a#b', ['accent:echo']],
  ])('%s', (line, expected) => {
    expect(styled(line)).toEqual(expected)
  })

  it('keeps each character, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(
          shellSpans(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})

it('breaks plain text at words, with its indent, in Chinese too', () => {
  expect(wrapText('  one two three\n\n- four five', 12)).toBe('  one two\n  three\n\n- four five')
  expect(wrapText('网络命名空间是一个独立的房间', 15).split('\n').length).toBeGreaterThan(1)
})
