import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { shippedExams, shippedLabs } from '../../src/commands/labs.ts'
import { labrun } from '../support/labrun.ts'

const LABS = new URL('../../labs/', import.meta.url)
const texts = [...shippedLabs(), ...shippedExams()].map((file) => readFileSync(file, 'utf8'))
const guide = readFileSync(new URL('README.md', LABS), 'utf8')

/** What somebody who has installed the package finds there. */
function published(part: string): string {
  return readFileSync(fileURLToPath(import.meta.resolve(`labrun/schemas/${part}.json`)), 'utf8')
}

/** The formats that are named are spelled out as patterns too. */
function validator(part: string) {
  return new Ajv({ validateFormats: false, strict: true, allowUnionTypes: true }).compile(
    JSON.parse(published(part)) as object,
  )
}

function blocks(info: string): unknown[] {
  const fences = new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  return [...texts, guide].flatMap((text) => [...text.matchAll(fences)].map((match) => parse(match[1]!) as unknown))
}

test.each(['front-matter', 'check', 'question'])('%s: what is published is what labrun says', async (part) => {
  const { status, stdout } = await labrun('schema', part)
  expect(status).toBe(0)
  expect(published(part)).toBe(stdout)
  // Editors know no newer draft.
  expect(JSON.parse(stdout)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' })
})

describe('an editor accepts what is right and nothing else:', () => {
  test('front matter', () => {
    const accepts = validator('front-matter')
    for (const text of texts) expect([accepts(parse(text.split(/^---$/m)[1]!)), accepts.errors]).toEqual([true, null])
    for (const wrong of [
      {},
      { labrun: 2 },
      { labrun: 1, titel: 'x' },
      { labrun: 1, world: { gateway: 'here' } },
      { labrun: 1, params: { port: { int: '1' } } },
    ])
      expect(accepts(wrong)).toBe(false)
  })

  test('checks', () => {
    const accepts = validator('check')
    const lists = blocks('yaml check')
    expect(lists.length).toBeGreaterThan(60)
    for (const list of lists) expect([list, accepts(list), accepts.errors]).toEqual([list, true, null])
    const wrongs = [
      [{ png: 'a -> b' }],
      [{ netns: 'a', absnt: true }],
      [{ ping: 'a' }],
      { netns: 'a' },
      [{ link: 'a/b', mtu: 'big' }],
    ]
    for (const wrong of wrongs) expect(accepts(wrong)).toBe(false)
  })

  test('questions', () => {
    const accepts = validator('question')
    const questions = blocks('yaml question')
    expect(questions.length).toBeGreaterThan(3)
    for (const question of questions) expect([accepts(question), accepts.errors]).toEqual([true, null])
    for (const wrong of [{ ask: 'Why?' }, { ask: 'Why?', answer: 3, tolerance: -1 }]) expect(accepts(wrong)).toBe(false)
  })
})
