import { describe, expect, it } from 'vitest'
import { anyOutputs } from '../../../src/lab/any-output.ts'
import { fence, lab, oneStep } from '../../support/lab-text.ts'

const found = (...parts: readonly string[]) => anyOutputs(lab(oneStep(...parts))).map(({ where }) => where)
const ofBlock = (...lines: readonly string[]) => found(fence('sh', 'date'), fence('output', ...lines))
const ofCommand = (...lines: readonly string[]) => found(fence('console', '$ date', ...lines))

describe('an output is right whatever is printed', () => {
  it.each([
    [['...']],
    [['<*>']],
    [['  ...  ']],
    [['/.*/']],
    [['/.+/']],
    [['/[\\s\\S]*$/']],
    [['...', '<*>']],
    [['...', '/.*/', '<*>', '...']],
    [['<*><*>']],
  ])('%j', (lines) => expect(ofBlock(...lines)).toEqual(['block']))

  it('of a command in a transcript, but not where `...` says that it does not matter', () => {
    expect(ofCommand('<*>')).toEqual(['console'])
    expect(ofCommand('...', '/.*/')).toEqual(['console'])
    expect(ofCommand('...')).toEqual([])
    expect(ofCommand()).toEqual([])
  })

  it('of a check', () => {
    expect(found(fence('yaml check', '- run: date', '  output: "..."', '- run: date', '  output: now'))).toEqual([
      'check',
    ])
  })
})

describe('an output can be wrong', () => {
  it.each([
    [['']],
    [['ready']],
    [['<*> up']],
    [['... ready']],
    [['<int>']],
    [['<*>', '<*>']],
    [['<name:*>']],
    [['/\\d+/']],
    [['/^.{3}$/']],
    [['...', 'ready', '...']],
    [['<UP>']],
  ])('%j', (lines) => expect(ofBlock(...lines)).toEqual([]))
})
