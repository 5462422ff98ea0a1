import { describe, expect, it } from 'vitest'
import { renderProse } from '../../../src/prose/prose.ts'

function lines(markdown: readonly string[], width = 60, plain = false): string[] {
  return renderProse(markdown.join('\n'), { width, colour: false, plain }).slice(0, -1).split('\n')
}

describe('tables', () => {
  const TABLE = [
    '| key | meaning | default |',
    '|:--|---|--:|',
    '| `labrun` | format version, required; a newer one is refused with advice | |',
    '| `world` | what is there | `isolated` |',
  ]

  it('aligns columns and wraps wide cells', () => {
    expect(lines(TABLE)).toEqual([
      'key       meaning                                    default',
      '────────  ──────────────────────────────────────  ──────────',
      '`labrun`  format version, required; a newer one',
      '          is refused with advice',
      '',
      '`world`   what is there                           `isolated`',
    ])
  })

  it('needs no more room than its text', () => {
    expect(lines(['| a | b |', '|---|:-:|', '| 1 | 222 |', '| 网桥 | 2 |'])).toEqual([
      'a      b',
      '────  ───',
      '1     222',
      '网桥   2',
    ])
  })

  it('cuts words only when a column cannot hold them', () => {
    const address = `https://example.org/${'x'.repeat(40)}`
    expect(lines(['| name | address |', '|---|---|', `| x | ${address} |`], 40)).toEqual([
      'name  address',
      '────  ──────────────────────────────────',
      'x     https://example.org/xxxxxxxxxxxxxx',
      '      xxxxxxxxxxxxxxxxxxxxxxxxxx',
    ])
  })

  it('becomes sentences for a screen reader and when there are too many columns', () => {
    expect(lines(TABLE, 60, true)).toEqual([
      '- key: labrun; meaning: format version, required; a newer',
      '  one is refused with advice',
      '- key: world; meaning: what is there; default: isolated',
    ])
    const many = (cell: string) => `|${` ${cell} |`.repeat(9)}`
    expect(lines([many('name'), many('---'), many('value')], 40).slice(0, 2)).toEqual([
      '• name: value; name: value; name: value;',
      '  name: value; name: value; name: value;',
    ])
  })
})
