import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
  [['verify', '--help'], /prove labs[\s\S]*--jobs <n>[\s\S]*--changed[\s\S]*--repeat <n>[\s\S]*Examples:/],
])('%j', async (words, text) => {
  const { status, stdout, stderr } = await labrun(...words)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(text)
})

test('the examples of the help fit into 80 columns, and a number is a name too', async () => {
  const { stdout } = await labrun('--help')
  expect(stdout).toContain('name or number of one that comes with labrun')
  const commands = ['run', 'verify', 'update', 'edition', 'roster', 'submit', 'submission', 'grade', 'worker']
  for (const words of [[], ...commands.map((command) => [command])]) {
    const { stdout: help } = await labrun(...words, '--help')
    const examples = help.slice(help.indexOf('Examples:')).split('\n')
    expect(examples.length).toBeGreaterThan(3)
    for (const line of examples) expect(line.length, line).toBeLessThanOrEqual(80)
  }
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

test('schema check has all kinds of checks', async () => {
  const { items } = JSON.parse((await labrun('schema', 'check')).stdout) as {
    items: { anyOf: { required: string[]; additionalProperties: boolean }[] }
  }
  expect(items.anyOf.map(({ required }) => required[0])).toEqual([...checks.keys()])
  expect(items.anyOf.every(({ additionalProperties }) => additionalProperties === false)).toBe(true)
})
