import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { checks } from '../../src/checks/index.ts'
import { labrun } from '../support/labrun.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

test.each(['--version', '-V'])('%s', async (option) => {
  expect(await labrun(option)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
})

test.each([
  [['--help'], /Usage: labrun \[options\] \[command\] \[lab\][\s\S]*Examples:[\s\S]*Exit status:/],
  [['run', '--help'], /Usage: labrun run \[options\] <labs\.\.\.>[\s\S]*--reporter <name>/],
  [['verify', '--help'], /prove labs/],
])('%j', async (words, text) => {
  const { status, stdout, stderr } = await labrun(...words)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(text)
})

test.each([
  [['--frobnicate'], /unknown option '--frobnicate'/],
  [['run', '--reporte', 'json', 'x'], /unknown option '--reporte'[\s\S]*--reporter/],
  [['lint'], /missing required argument 'paths'/],
  [['verify', 'labs', '--jobs', 'many'], /expected a number of 1 or more/],
  [['schema', 'everything'], /there is no schema everything\n {2}there are: front-matter, check, question/],
  [['lint', 'no-such-lab'], /there is no lab no-such-lab/],
])('%j is refused with advice', async (words, message) => {
  const { status, stdout, stderr } = await labrun(...words)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

test('doctor --json tells whether labs can be run here, and its status says the same', async () => {
  const { status, stdout } = await labrun('doctor', '--json')
  const found = JSON.parse(stdout) as { missing: string[]; world?: { works: boolean }; install: string | null }
  expect(found).toMatchObject({ system: `${process.platform} ${process.arch}`, notes: expect.any(Array) })
  expect(status).toBe(found.missing.length === 0 && found.world?.works ? 0 : 2)
  if (found.missing.length === 0) expect(found.install).toBeNull()
})

test('list --json has the labs that come with labrun', async () => {
  const { status, stdout } = await labrun('list', '--json')
  expect(status).toBe(0)
  const labs = JSON.parse(stdout) as { id: string }[]
  expect(labs.map(({ id }) => id)).not.toContain('README')
  expect(labs).toContainEqual(
    expect.objectContaining({
      id: '01-netns',
      title: 'A second network inside one machine',
      steps: expect.any(Number),
    }),
  )
})

describe('schema', () => {
  const LABS = new URL('../../labs/', import.meta.url)
  const texts = readdirSync(LABS)
    .filter((name) => /^\d.*\.md$/.test(name))
    .map((name) => readFileSync(new URL(name, LABS), 'utf8'))

  const schemaOf = async (part: string) => z.fromJSONSchema(JSON.parse((await labrun('schema', part)).stdout))
  const blocks = (info: string) =>
    texts.flatMap((text) =>
      [...text.matchAll(new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]!),
    )

  test('check has all kinds', async () => {
    const { items } = JSON.parse((await labrun('schema', 'check')).stdout) as {
      items: { anyOf: { required: string[]; additionalProperties: boolean }[] }
    }
    expect(items.anyOf.map(({ required }) => required[0])).toEqual([...checks.keys()])
    expect(items.anyOf.every(({ additionalProperties }) => additionalProperties === false)).toBe(true)
  })

  test('check accepts the checks of the shipped labs, and no mistakes', async () => {
    const schema = await schemaOf('check')
    const lists = blocks('yaml check').map((text) => parse(text) as unknown)
    expect(lists.length).toBeGreaterThan(10)
    for (const list of lists) expect(schema.safeParse(list)).toMatchObject({ success: true })
    for (const wrong of [[{ png: 'a -> b' }], [{ netns: 'a', absnt: true }], [{ ping: 'a' }], { netns: 'a' }])
      expect(schema.safeParse(wrong)).toMatchObject({ success: false })
  })

  test('front-matter accepts that of the shipped labs, and no mistakes', async () => {
    const schema = await schemaOf('front-matter')
    for (const text of texts) expect(schema.safeParse(parse(text.split(/^---$/m)[1]!))).toMatchObject({ success: true })
    for (const wrong of [{}, { labrun: 2 }, { labrun: 1, titel: 'x' }, { labrun: 1, world: 'lann' }])
      expect(schema.safeParse(wrong)).toMatchObject({ success: false })
  })

  test('question wants something to ask and an answer', async () => {
    const schema = await schemaOf('question')
    expect(schema.safeParse({ ask: 'Why?', answer: 42, tolerance: 1 })).toMatchObject({ success: true })
    expect(schema.safeParse({ ask: 'Why?' })).toMatchObject({ success: false })
  })
})
