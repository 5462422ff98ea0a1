import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checks } from '../../../src/checks/index.ts'
import { shippedExams, shippedLabs } from '../../../src/commands/labs.ts'
import { fullDigest, labDigest } from '../../../src/exam/digest.ts'
import { practiceValues } from '../../../src/exam/draw.ts'
import { makeEdition } from '../../../src/exam/edition.ts'
import type { Item, Lab } from '../../../src/lab/lab.ts'
import { parseLabOrThrow } from '../../../src/lab/parse.ts'
import { LabError } from '../../../src/lab/problem.ts'
import { fence, frontMatter } from '../../support/lab-text.ts'

const folder = new URL('../../fixtures/', import.meta.url).pathname
const hostile = join(folder, 'leaky-exam.md')
const exams = [...shippedExams(), hostile].map((file) => [file.replace(/^.*\//, ''), file] as const)

function edit(text: string): string {
  return makeEdition(text, 'demo.md', checks)
}

function read(text: string, file = 'demo.md'): Lab {
  return parseLabOrThrow(text, file, checks, practiceValues)
}

describe.each(exams)('the edition of %s', (_, file) => {
  const text = readFileSync(file, 'utf8')
  const edition = makeEdition(text, file, checks)
  const lab = read(text, file)
  const student = read(edition, file)

  it('has no line of a solution, of the setup, of a hidden check or of an answer', () => {
    const secret = secretLines(text)
    expect(secret.length).toBeGreaterThan(8)
    const leaks = secret.filter((line) => edition.includes(line))
    expect(leaks).toEqual([])
  })

  it('has no value of any student, and no answer', () => {
    const shown = edition.replace(/^ {2}\w+: \{.*$/gm, '')
    const values = ['anyone', 'somebody', 'else'].flatMap((name) =>
      Object.values(practiceValues(lab.params, lab.id, name)),
    )
    const answers = itemsOf(lab).flatMap((item) => (item.kind === 'question' ? secretAnswers(item) : []))
    const long = [...values, ...answers].map(String).filter((word) => word.length > 2)
    expect(long.filter((word) => shown.includes(word))).toEqual([])
  })

  it('has a key neither for answers nor for hidden checks', () => {
    expect(edition).not.toMatch(/^\s*(- )?(answer|tolerance|hidden):/m)
    expect(
      itemsOf(student).filter((item) => item.kind === 'question' && (item.answer ?? item.why ?? item.tolerance)),
    ).toEqual([])
    expect(itemsOf(student).filter((item) => item.kind === 'check' && item.hidden)).toEqual([])
    expect(itemsOf(student).filter((item) => item.kind === 'aside' && item.role === 'solution')).toEqual([])
    expect(
      itemsOf(student).filter((item) => item.kind === 'block' && item.role === 'solution' && item.commands.length > 0),
    ).toEqual([])
  })

  it('has the same steps and tasks, visible checks, questions and points', () => {
    expect(student.steps.map(({ id, title, points, needs }) => ({ id, title, points, needs }))).toEqual(
      lab.steps.map(({ id, title, points, needs }) => ({ id, title, points, needs })),
    )
    const shown = (one: Lab) =>
      itemsOf(one).flatMap((item) => {
        if (item.kind === 'check') return item.hidden ? [] : [[item.label, item.why, item.points, item.id]]
        return item.kind === 'question' ? [[item.ask, item.choices, item.points]] : []
      })
    expect(shown(student)).toEqual(shown(lab))
    const solving = (one: Lab) =>
      one.steps.filter(({ items }) => items.some((item) => item.kind === 'block' && item.role === 'solution'))
    const ids = solving(student).map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(solving(lab).map(({ id }) => id)))
  })

  it('does the same before the student begins', () => {
    const setup = (one: Lab) =>
      itemsOf(one).flatMap((item) =>
        item.kind === 'block' && item.role === 'setup' ? item.commands.map((command) => command.text) : [],
      )
    expect(setup(student)).toEqual(setup(lab))
  })

  it('of it is the edition itself, and names the same lab', () => {
    expect(makeEdition(edition, file, checks)).toBe(edition)
    expect(labDigest(edition, file, checks)).toBe(labDigest(text, file, checks))
    expect(fullDigest(edition)).toBe(labDigest(text, file, checks))
    expect(fullDigest(text)).not.toBe(fullDigest(edition))
  })

  it('keeps all other lines, in their order', () => {
    const kept = edition.split('\n')
    const lines = text.split('\n')
    let at = 0
    const added = kept.filter((line) => {
      const found = lines.indexOf(line, at)
      if (found < 0) return true
      at = found + 1
      return false
    })
    const isOurs = (line: string) =>
      /^ *(edition: true|<!-- task -->|```sh setup sealed.*|[A-Za-z0-9+/=]+)$/.test(line) ||
      lines.some((one) => one.startsWith(`${line} `))
    expect(added.filter((line) => !isOurs(line))).toEqual([])
  })
})

describe('an edition', () => {
  it('leaves a lab that hides nothing as it is', () => {
    for (const file of shippedLabs()) {
      const text = readFileSync(file, 'utf8')
      if (/^(answer|tolerance)|sh setup|sh solution|^\s*<!-- (?!step:)/m.test(text)) continue
      expect(makeEdition(text, file, checks)).toBe(text.replace('\n---\n', '\nedition: true\n---\n'))
    }
  })

  it('keeps line ends and a BOM, which make no difference to the digest', () => {
    const text = `${frontMatter()}## It\n\nDo it.\n${fence('sh solution', 'true')}${fence('yaml check', '- netns: a')}`
    const windows = `\uFEFF${text.replaceAll('\n', '\r\n')}`
    expect(edit(windows)).toBe(`\uFEFF${edit(text).replaceAll('\n', '\r\n')}`)
    expect(labDigest(windows, 'demo.md', checks)).toBe(labDigest(text, 'demo.md', checks))
  })

  it('has one task for solutions in several terminals, and one for each part between commands of the lab', () => {
    const solution = fence('sh solution', 'true')
    const count = (...parts: string[]) =>
      edit(`${frontMatter()}## It\n${parts.join('\n')}`).split('<!-- task -->').length - 1
    expect(count(solution, 'And then:', solution)).toBe(1)
    expect(count(solution, fence('sh', 'true'), solution)).toBe(2)
    const hidden = fence('yaml check', '- netns: a', '  hidden: true')
    expect(count(solution, hidden, solution)).toBe(1)
    expect(count(hidden)).toBe(1)
  })

  it('is not made where what is secret shares its line with what is not', () => {
    const flow = fence('yaml check', '[{netns: a, hidden: true}, {netns: b}]')
    const question = fence('yaml question', '{ask: why, answer: because}')
    for (const part of [flow, question]) {
      const text = `${frontMatter()}## It\n${fence('sh', 'true')}${part}`
      expect(() => edit(text)).toThrow(LabError)
      expect(() => edit(text)).toThrow('what students must not see has to stand in lines of its own here')
    }
  })

  it('of a lab with mistakes is not made', () => {
    expect(() => edit('no lab')).toThrow(LabError)
  })
})

function itemsOf(lab: Lab): readonly Item[] {
  return lab.steps.flatMap((step) => step.items)
}

function secretAnswers({ answer, choices }: Item & { kind: 'question' }): readonly unknown[] {
  const all = Array.isArray(answer)
    ? answer
    : [typeof answer === 'object' && answer !== null ? Object.values(answer)[0] : answer]
  return all.filter((one) => !choices.some((choice) => choice === one))
}

/**
 * What must not leak, found without the help of the code under test: by the words of the format in the text itself.
 * Lines that also stand elsewhere in the open, as `done`, give nothing away.
 */
function secretLines(text: string): string[] {
  const fences = [...text.matchAll(/^[ \t]*```(.*)\n([\s\S]*?)^[ \t]*```$/gm)]
  const secret = fences.flatMap(([, info = '', body = '']) => {
    if (/\b(setup|solution)\b/.test(info)) return body.split('\n')
    if (info === 'yaml check')
      return body
        .split(/^(?=- )/m)
        .filter((item) => /hidden: true/.test(item))
        .flatMap((item) => item.split('\n'))
    if (info === 'yaml question') return body.split('\n').filter((line) => /^(answer|tolerance|why):/.test(line))
    return []
  })
  const open = new Set(
    text
      .replace(/^[ \t]*```(?:sh|bash) (?:setup|solution)[\s\S]*?^[ \t]*```$/gm, '')
      .split('\n')
      .map((line) => line.trim()),
  )
  const hidden = new Set(secret.map((line) => line.trim()))
  const marked = [...text.matchAll(/\bSECRET\w*/g)].map(([word]) => word)
  return [...[...hidden].filter((line) => line.length > 6 && !open.has(line) && line !== 'hidden: true'), ...marked]
}
