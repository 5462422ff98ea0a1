import { describe, expect, it } from 'vitest'
import { Filler, whyNotValues } from '../../../src/lab/fill.ts'
import { ProblemList } from '../../../src/lab/problem.ts'
import { parseSubnet, partOfSubnet } from '../../../src/lab/subnet.ts'
import { fence, frontMatter, lab, parse } from '../../support/lab-text.ts'
import { paramsOf } from '../../support/params.ts'

const params = paramsOf(
  'lan: {subnet: 10.16.0.0/12, prefix: 24}\nport: {int: "1..9"}\nfew: {pick: [a, b, c], count: 2}',
)
const values = { lan: '10.20.7.0/24', port: '8', few: 'c a' }

function fill(text: string): string {
  return new Filler(params, values).fillLine(text, 1, new ProblemList('x.md', [text]))
}

describe('values in the text', () => {
  it.each([
    ['{{lan}}', '10.20.7.0/24'],
    ['{{lan.1}} {{ lan.-1 }}', '10.20.7.1 10.20.7.254'],
    ['{{lan.network}}/{{lan.prefix}}', '10.20.7.0/24'],
    ['{{lan.mask}} {{lan.broadcast}}', '255.255.255.0 10.20.7.255'],
    ['p={{port}};{{port}}', 'p=8;8'],
    ['{{few}} {{few.1}} {{few.2}}', 'c a c a'],
    ['{{other}} {{.Names}} {{ json .x }} {lan} { {lan}}', '{{other}} {{.Names}} {{ json .x }} {lan} { {lan}}'],
  ])('%s', (text, filled) => {
    expect(fill(text)).toBe(filled)
  })

  it('know where they were', () => {
    const text = 'a {{port}} b {{lan.1}} c'
    const filler = new Filler(params, values)
    const filled = filler.fillLine(text, 3, new ProblemList('x.md', ['', '', text]))
    expect(filled).toBe('a 8 b 10.20.7.1 c')
    for (const part of ['a ', ' b ', ' c']) {
      const place = { line: 3, column: filled.indexOf(part) + 1, length: part.length }
      expect(filler.toFile(place)).toEqual({ line: 3, column: text.indexOf(part) + 1, length: part.length })
    }
    const inside = { line: 3, column: filled.indexOf('20.7') + 1, length: 3 }
    expect(filler.toFile(inside)).toEqual({ line: 3, column: text.indexOf('{{lan') + 1, length: '{{lan.1}}'.length })
    expect(filler.toFile({ line: 4, column: 9 })).toEqual({ line: 4, column: 9 })
  })

  it('reach everything in a lab, and move no line and no column', () => {
    const text = `${frontMatter('title: "Port {{port}}"', 'params:', '  port: {int: 8000..8000}')}# Use {{port}}

## Step

Prose with {{port}}.
${fence('sh', 'echo {{port}} # it', 'echo two')}${fence('output', '{{port}}', 'two')}${fence('yaml check', '- run: test {{port}} = 8000', '  why: It is {{port}}.')}${fence('yaml question', 'ask: Is it {{port}}?', 'answer: "{{port}}"')}`
    const { title, steps, source } = lab(text)
    expect(title).toBe('Port 8000')
    expect(source.join('\n')).toBe(text)
    const [prose, block, check, question] = steps[0]!.items
    expect(prose).toMatchObject({ markdown: expect.stringContaining('Prose with 8000.') })
    expect(block).toMatchObject({
      commands: [
        { text: 'echo 8000', line: 14 },
        { text: 'echo two', line: 15 },
      ],
      expected: { lines: ['8000', 'two'] },
    })
    expect(check).toMatchObject({ label: 'run: test 8000 = 8000', why: 'It is 8000.' })
    expect(question).toMatchObject({ ask: 'Is it 8000?', answer: '8000' })
  })

  it('show a mistake behind them at its place in the file', () => {
    const text = `${frontMatter('params:', '  net: {subnet: 10.0.0.0/24, prefix: 24}')}## It
${fence('yaml check', '- ping: "box {{net.1}} -> 10.0.0.1"', '- {ping: "box -> {{net.1}}", expct: reply}')}`
    const at = parse(text).problems.map(({ line, column, length, code }) => [line, column, length, code])
    const [first, second] = text.split('\n').slice(8)
    expect(at).toEqual([
      [9, first!.indexOf('"') + 1, first!.length - first!.indexOf('"'), 'wrong-value'],
      [10, second!.indexOf('expct') + 1, 5, 'unknown-key'],
    ])
  })
})

describe('values of a ticket', () => {
  it.each([
    [{ lan: '10.20.7.0/24', port: '8' }, 'there is no value for the param few'],
    [{ ...values, port: '10' }, 'the value of the param port is not possible: it is not in the range'],
    [{ ...values, port: '08' }, 'the value of the param port is not possible: it is not in the range'],
    [{ ...values, port: '8; reboot' }, 'the value of the param port is not possible: it is not in the range'],
    [{ ...values, few: 'a a' }, 'the value of the param few is not possible: it is not in the list'],
    [{ ...values, few: 'a\nb' }, 'the value of the param few is not possible: it is not in the list'],
    [{ ...values, lan: '10.20.7.0/25' }, 'the value of the param lan is not possible: it is no such subnet'],
    [{ ...values, lan: '10.64.0.0/24' }, 'the value of the param lan is not possible: it is no such subnet'],
    [{ ...values, more: 'x' }, 'the lab has no param more'],
  ])('%j are refused', (other, reason) => {
    expect(whyNotValues(params, other)).toBe(reason)
  })

  it('that could have been drawn are taken', () => {
    expect(whyNotValues(params, values)).toBeUndefined()
  })
})

describe('a subnet', () => {
  it.each(['10.0.0.1/24', '10.0.0/24', '256.0.0.0/8', '10.0.0.0/33', '10.0.0.0', '-1.0.0.0/8'])('is not %s', (text) => {
    expect(parseSubnet(text)).toBeUndefined()
  })

  it('has the addresses between its ends', () => {
    const small = parseSubnet('192.168.0.4/30')!
    const parts = ['1', '2', '-1', '-2'].map((part) => partOfSubnet(small, part))
    expect(parts).toEqual(['192.168.0.5', '192.168.0.6', '192.168.0.6', '192.168.0.5'])
    for (const part of ['0', '3', '-3', '01', '1.5', 'x', '']) expect(partOfSubnet(small, part)).toBeUndefined()
    expect(partOfSubnet(parseSubnet('0.0.0.0/1')!, 'mask')).toBe('128.0.0.0')
  })
})
