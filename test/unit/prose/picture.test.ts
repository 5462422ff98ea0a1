import { describe, expect, it } from 'vitest'
import { renderProse } from '../../../src/prose/prose.ts'

function picture(source: readonly string[], width = 60, plain = false): string[] {
  const markdown = ['```mermaid', ...source, '```'].join('\n')
  return renderProse(markdown, { width, colour: false, plain }).slice(0, -1).split('\n')
}

const CABLE = [
  'graph LR',
  '  subgraph net1',
  '    veth1["veth1<br/>10.0.0.1/24"]',
  '  end',
  '  subgraph net2',
  '    veth2(veth2)',
  '  end',
  '  veth1 --- veth2',
]

const BRIDGE = [
  'flowchart TD',
  '%% three cables',
  'subgraph host [The student#39;s machine]',
  '  out1; out2',
  '  out3',
  '  br0{{br0}}',
  'end',
  'subgraph net1',
  '  veth1',
  'end',
  'subgraph net2',
  '  veth2',
  'end',
  'subgraph net3',
  '  veth3',
  'end',
  'veth1 --- out1',
  'veth2 -- cable --> out2',
  'veth3 === out3',
  'out1 & out2 -.- br0',
  'style br0 fill:#fff',
]

describe('a Mermaid picture', () => {
  it('draws a chain of boxes in a row', () => {
    expect(picture(CABLE)).toEqual([
      '  ┌─ net1 ──────┐     ┌─ net2 ─┐',
      '  │ veth1       ├─────┤ veth2  │',
      '  │ 10.0.0.1/24 │     └────────┘',
      '  └─────────────┘',
    ])
  })

  it('moves boxes so that every line is straight', () => {
    const source = ['graph LR', 'subgraph host', 'a', 'b', 'end', 'x -->|text| a', 'b <--> 客户端']
    expect(picture(source)).toEqual([
      '  ┌───┐          ┌─ host ─┐',
      '  │ x ├─ text ──►│ a      │     ┌────────┐',
      '  └───┘          │ b      │◄───►│ 客户端 │',
      '                 └────────┘     └────────┘',
    ])
  })

  it('draws a bridge as a comb, and lists the lines within a box', () => {
    expect(picture(BRIDGE)).toEqual([
      "  ┌─ net1 ─┐           ┌─ The student's machine ─┐",
      '  │ veth1  ├───────────┤ out1                    │',
      '  └────────┘           │                         │',
      '  ┌─ net2 ─┐           │                         │',
      '  │ veth2  ├─ cable ──►│ out2                    │',
      '  └────────┘           │                         │',
      '  ┌─ net3 ─┐           │                         │',
      '  │ veth3  ├═══════════┤ out3                    │',
      '  └────────┘           │                         │',
      '                       │ br0                     │',
      '                       └─────────────────────────┘',
      '',
      '  out1 ┄┄┄┄┄ br0',
      '  out2 ┄┄┄┄┄ br0',
    ])
  })

  it('lets several lines end at the same node', () => {
    expect(picture(['graph TD', 'a --- br0((br0))', 'b --- br0', 'c --- br0'])).toEqual([
      '  ┌───┐     ┌─────┐',
      '  │ a ├─────┤     │',
      '  └───┘     │     │',
      '  ┌───┐     │     │',
      '  │ b ├─────┤ br0 │',
      '  └───┘     │     │',
      '  ┌───┐     │     │',
      '  │ c ├─────┤     │',
      '  └───┘     └─────┘',
    ])
  })

  it('puts boxes side by side and lists the lines where these would cross or not fit', () => {
    expect(picture(['graph TD', 'a --> b --> c --> a', 'a ~~~ b'], 30)).toEqual([
      '  ┌───┐  ┌───┐  ┌───┐',
      '  │ a │  │ b │  │ c │',
      '  └───┘  └───┘  └───┘',
      '',
      '  a ────► b',
      '  b ────► c',
      '  c ────► a',
    ])
    expect(picture(CABLE, 30)).toEqual([
      '  ┌─ net1 ──────┐  ┌─ net2 ─┐',
      '  │ veth1       │  │ veth2  │',
      '  │ 10.0.0.1/24 │  └────────┘',
      '  └─────────────┘',
      '',
      '  veth1 ───── veth2',
    ])
  })

  it('draws groups within groups, and lines to a group', () => {
    const source = [
      'graph LR',
      'lan --> host',
      'subgraph host',
      '  ens33',
      '  subgraph c1 [container1]',
      '    eth0',
      '  end',
      'end',
    ]
    expect(picture(source)).toEqual([
      '  ┌─────┐     ┌─ host ───────────┐',
      '  │ lan ├────►│                  │',
      '  └─────┘     │ ens33            │',
      '              │                  │',
      '              │ ┌─ container1 ─┐ │',
      '              │ │ eth0         │ │',
      '              │ └──────────────┘ │',
      '              └──────────────────┘',
    ])
  })

  it('is told in words to a screen reader, and where a box is too wide', () => {
    expect(picture(CABLE, 60, true)).toEqual([
      'Picture:',
      'net1 contains veth1 (10.0.0.1/24).',
      'net2 contains veth2.',
      'veth1 is connected with veth2.',
    ])
    const twice = ['graph LR', 'subgraph n1', 'a[eth0]', 'end', 'subgraph n2', 'b[eth0]', 'end', 'a -->|x| b', 'c']
    expect(picture(twice, 60, true)).toEqual([
      'Picture:',
      'n1 contains eth0.',
      'n2 contains eth0.',
      'There is c.',
      'n1/eth0 leads to n2/eth0 (x).',
    ])
    expect(picture(['graph LR', 'a[one two three four five six]'], 24)).toEqual([
      'Picture:',
      'There is one two three',
      'four five six.',
    ])
    const way = ['graph LR', 'a[INPUT] --> b["OUTPUT<br/>nat"]', 'b -->|last| c[POSTROUTING]']
    expect(picture(way, 60, true)).toEqual([
      'Picture:',
      'There is OUTPUT (nat).',
      'INPUT leads to OUTPUT.',
      'OUTPUT leads to POSTROUTING (last).',
    ])
    const many = ['graph LR', 'subgraph host', 'a["docker0<br/>172.17.0.1"]', 'b[ens33]', 'c[veth1]', 'end', 'd', 'e']
    expect(picture(many, 60, true)).toEqual([
      'Picture:',
      'host contains docker0 (172.17.0.1), ens33 and veth1.',
      'There are d and e.',
    ])
    expect(picture(many, 40, true)).toEqual([
      'Picture:',
      'host contains docker0 (172.17.0.1).',
      'host contains ens33.',
      'host contains veth1.',
      'There are d and e.',
    ])
  })

  it.each([
    ['another kind of diagram', ['sequenceDiagram', 'a->>b: hello']],
    ['an edge that leads nowhere', ['graph LR', 'a -->']],
    ['a group that is not closed', ['graph LR', 'subgraph x', 'a']],
    ['an end too many', ['graph LR', 'a', 'end']],
    ['a bracket that is not closed', ['graph LR', 'a[label']],
    ['nothing', ['graph LR']],
    ['a group within itself', ['graph LR', 'subgraph a', 'subgraph a', 'end', 'end']],
  ])('shows the source of %s', (_, source) => {
    expect(picture(source)).toEqual(source.map((line) => `  ${line}`))
  })
})
