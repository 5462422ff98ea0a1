import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import type { NumberedEvent } from '../../src/run/events.ts'
import type { RunResult } from '../../src/run/results.ts'
import { labrun, labrunWith } from '../support/labrun.ts'

const PASSES = 'test/fixtures/passes.md'
const FAILS = 'test/fixtures/fails.md'
const MISTAKES = 'test/fixtures/mistakes.md'

const folder = mkdtempSync(join(tmpdir(), 'labrun-e2e-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('exit status and text', () => {
  test('0 if all passed', async () => {
    const { status, stdout, stderr } = await labrun('run', PASSES)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(
      /^passes: Everything passes \(test\/fixtures\/passes\.md\)\n\n1\/2 Plug\n {2}# ip netns add net1\n/,
    )
    expect(stdout).toMatch(/✓ link: net1\/veth1, peer: net2\/veth2\n/)
    expect(stdout).toMatch(/\n✓ passes: 10 of 10 passed in \d+\.\d s\n/)
  })

  test('1 if something failed, and every finding has its line', async () => {
    const { status, stdout } = await labrun('run', FAILS, PASSES)
    expect(status).toBe(1)
    for (const line of [11, 19, 25, 30, 31]) expect(stdout).toContain(`[line ${line}]`)
    expect(stdout).toContain('2/2 Checks (follows the failure of commands)')
    expect(stdout).toMatch(/✗ fails: 1 of 7 passed, 4 failed, 1 error, 1 blocked/)
    expect(stdout).toMatch(/Labs: 1 of 2 passed\n {2}✗ fails\n$/)
  })

  test('2 if a lab could not be run, but the others are', async () => {
    const { status, stdout } = await labrun('run', MISTAKES, PASSES)
    expect(status).toBe(2)
    expect(stdout).toContain('test/fixtures/mistakes.md:3:1: unknown key `titel`')
    expect(stdout).toMatch(/✓ passes: 10 of 10 passed/)
  })

  test('--bail stops at the first step that does not pass', async () => {
    const { status, stdout } = await labrun('run', '--bail', FAILS)
    expect(status).toBe(1)
    expect(stdout).not.toContain('2/2')
    expect(stdout).toMatch(/4 skipped/)
  })

  test.each([
    [['run', 'no-such-lab'], /there is no lab no-such-lab\n {2}.*\n {2}01-netns +05/],
    [['run', '01-nets'], /did you mean `01-netns`\?/],
    [['run', 'no/such/folder/01-netns.md'], /there is no lab no\/such\/folder\/01-netns\.md/],
    [['run', 'src'], /there is no lab in src/],
    [['run'], /missing required argument/],
    [['run', PASSES, '--reporter', 'xml'], /reporters are text, json, events, junit, github/],
    [['run', PASSES, '--json', '--output', '/'], /cannot write.*\//],
  ])('2 and nothing but advice: %j', async (words, message) => {
    const { status, stdout, stderr } = await labrun(...words)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/fault of labrun|\n {4}at /)
  })
})

describe('colours', () => {
  const coloured = async (env: Record<string, string>) =>
    (await labrunWith({ env }, 'run', PASSES)).stdout.includes('\u001b[')

  test.each([
    ['no terminal', {}, false],
    ['FORCE_COLOR', { FORCE_COLOR: '1' }, true],
    ['NO_COLOR, which is stronger', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['an empty NO_COLOR, which says nothing', { FORCE_COLOR: '1', NO_COLOR: '' }, true],
  ])('%s', async (_what, env, expected) => {
    expect(await coloured(env)).toBe(expected)
  })
})

describe('--json', () => {
  const VALUE = expect.anything()

  test('has every lab, step, block, command and check', async () => {
    const { status, stdout } = await labrun('run', FAILS, PASSES, '--json')
    expect(status).toBe(1)
    const { labs, ...run } = JSON.parse(stdout) as RunResult
    expect(run.status).toBe('failed')
    expect(labs.map(({ lab, status: one, trouble }) => [lab, one, trouble])).toEqual([
      ['fails', 'failed', null],
      ['passes', 'passed', null],
    ])
    const steps = labs.flatMap((lab) => lab.steps)
    for (const step of steps) {
      expect(step).toMatchObject({ id: VALUE, title: VALUE, line: VALUE, status: VALUE })
      for (const block of step.blocks) {
        expect(block).toMatchObject({
          line: VALUE,
          terminal: 'main',
          exit: VALUE,
          status: VALUE,
          output: expect.any(String),
        })
        for (const command of block.commands)
          expect(command).toMatchObject({
            text: VALUE,
            line: VALUE,
            exit: VALUE,
            status: VALUE,
            output: expect.any(String),
          })
      }
      for (const check of step.checks) {
        const texts = { kind: VALUE, expected: expect.any(String), actual: expect.any(String), label: VALUE }
        expect(check).toMatchObject({ ...texts, line: VALUE, status: VALUE, evidence: expect.any(Array) })
        expect(Object.keys(check)).toEqual(expect.arrayContaining(['why', 'diagnosis', 'tries', 'duration']))
      }
    }
    expect(steps[0]!.blocks[0]).toMatchObject({ line: 10, exit: 3, status: 'failed', output: 'one\n' })
    expect(steps[1]!.checks[0]).toMatchObject({
      kind: 'netns',
      line: 25,
      status: 'failed',
      why: 'Namespaces are made with "ip netns add", 100 % of them.',
      evidence: [{ command: 'ip -j netns list', status: 0 }],
    })
  })

  test('has the reason why a lab could not be run', async () => {
    const { status, stdout } = await labrun('run', MISTAKES, '--json')
    expect(status).toBe(2)
    const { labs } = JSON.parse(stdout) as RunResult
    expect(labs).toMatchObject([
      { lab: 'mistakes', status: 'error', trouble: expect.stringContaining('titel'), steps: [] },
    ])
  })
})

test('--reporter events: a line an event, numbered, in order', async () => {
  const { stdout } = await labrun('run', PASSES, MISTAKES, '--reporter', 'events')
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as NumberedEvent)
  expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1))
  expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).toSorted((a, b) => a - b))
  expect(events[0]).toMatchObject({ type: 'run-start', labs: [PASSES, MISTAKES] })
  expect(events.at(-1)).toMatchObject({ type: 'run-end', result: { status: 'error' } })
  const count = (type: NumberedEvent['type']) => events.filter((event) => event.type === type).length
  expect([count('lab-end'), count('lab-trouble'), count('step-end'), count('command-end'), count('check-end')]).toEqual(
    [2, 1, 2, 6, 3],
  )
})

describe('--reporter junit', () => {
  const PARSE = `
import json, sys, xml.etree.ElementTree as tree
suites = [{'suite': s.attrib, 'cases': [{**c.attrib, 'parts': [[p.tag, p.get('message'), p.text] for p in c]} for c in s]}
          for s in tree.parse(sys.argv[1]).getroot()]
json.dump(suites, sys.stdout)`

  interface Suite {
    readonly suite: Readonly<Record<string, string>>
    readonly cases: readonly { readonly name: string; readonly parts: readonly (readonly [string, string, string])[] }[]
  }

  test('is XML for every parser, whatever was printed', async () => {
    const file = join(folder, 'junit.xml')
    expect(await labrun('run', FAILS, MISTAKES, '--reporter', 'junit', '--output', file)).toMatchObject({ stdout: '' })
    const { stdout } = await promisify(execFile)('python3', ['-c', PARSE, file])
    const [fails, mistakes] = JSON.parse(stdout) as [Suite, Suite]
    expect(fails.suite).toMatchObject({ name: 'fails', tests: '7', failures: '4', errors: '1', skipped: '1' })
    expect(fails.cases.map(({ parts }) => parts.map(([tag]) => tag).join())).toEqual([
      'failure',
      '',
      'failure',
      'failure',
      'skipped',
      'error',
      'failure',
    ])
    expect(fails.cases[2]!.parts[0]![2]).toContain('+ bell ␇, escape red, end ]] > & <tag attribute="x">')
    expect(fails.cases[6]!.parts[0]![2]).toMatch(/seen . \]\] > ./u)
    expect(mistakes.cases).toMatchObject([{ parts: [['error', expect.any(String), expect.stringContaining('titel')]] }])
  })
})

test('--reporter github: an annotation for each finding, with its file and line', async () => {
  const { stdout } = await labrun('run', FAILS, '--reporter', 'github')
  const lines = stdout.trimEnd().split('\n')
  const places = lines.map(
    (line) => /^::error file=test\/fixtures\/fails\.md,line=(\d+),title=fails%3A [^:,]+::./.exec(line)?.[1],
  )
  expect(places).toEqual(['11', '19', '25', '30', '31'])
  expect(lines[2]).toContain('why: Namespaces are made with "ip netns add", 100 %25 of them.%0A')
})

test('several reporters, each to its file', async () => {
  const [events, json] = [join(folder, 'events.jsonl'), join(folder, 'run.json')]
  const words = ['--reporter', 'text', '--reporter', 'events', '--output', events, '--json', '--output', json]
  const { stdout, status } = await labrun('run', PASSES, ...words)
  expect(status).toBe(0)
  expect(stdout).toMatch(/✓ passes: 10 of 10 passed/)
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ status: 'passed' })
  expect(readFileSync(events, 'utf8').trimEnd().split('\n').length).toBeGreaterThan(20)
})
