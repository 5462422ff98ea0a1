import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { examplesOf } from '../labs/guide.ts'
import { labrunWith } from '../support/labrun.ts'

const guide = readFileSync(new URL('../../labs/README.md', import.meta.url), 'utf8')

/** The text of the block below a mark of the guide. */
function below(mark: string): string {
  return new RegExp(`<!-- ${mark} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)^\`\`\``, 'm').exec(guide)![1]!
}

interface Workflow {
  readonly on: readonly string[]
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly uses?: string; readonly run?: string }[] }>
  >
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'labrun-repository-'))
  writeFileSync(join(folder, 'README.md'), '# Labs\n')
  writeFileSync(join(folder, 'switch.md'), examplesOf(guide).find(({ doubt }) => doubt)!.markdown)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the workflow for other repositories is short, and its last command says what the guide shows', async () => {
  const text = below('workflow')
  const workflow = parse(text) as Workflow
  expect(workflow.on).toEqual(['push', 'pull_request'])
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
  expect(steps.every(({ uses, run }) => (uses === undefined) !== (run === undefined))).toBe(true)
  expect(text.slice(text.indexOf('steps:')).trimEnd().split('\n').length - 1).toBeLessThanOrEqual(10)

  const commands = steps.flatMap(({ run }) => (run?.startsWith('labrun ') ? [run.split(' ').slice(1)] : []))
  expect(commands.map(([command]) => command)).toEqual(['doctor', 'verify'])
  const env = { XDG_STATE_HOME: join(folder, '.state') }
  const { status, stdout } = await labrunWith({ cwd: folder, env }, ...commands[1]!)
  expect(status).toBe(1)
  expect(stdout.split('\n').filter((line) => line.startsWith('::'))).toEqual([below('annotation').trimEnd()])
  expect(stdout).toMatch(/^✗ switch: /)
})

test('the task for VS Code finds each mistake that lint names', async () => {
  const { tasks } = JSON.parse(below('task')) as {
    tasks: {
      command: string
      problemMatcher: { pattern: { regexp: string; file: number; line: number; column: number; message: number } }
    }[]
  }
  const { command, problemMatcher } = tasks[0]!
  const { regexp, file, line, column, message } = problemMatcher.pattern
  writeFileSync(join(folder, 'mistakes.md'), readFileSync(new URL('../fixtures/mistakes.md', import.meta.url)))
  const [, ...words] = command.split(' ')
  const { stdout } = await labrunWith({ cwd: folder }, ...words)
  const found = stdout.split('\n').flatMap((text) => {
    const match = new RegExp(regexp).exec(text)
    return match ? [[match[file], Number(match[line]), Number(match[column]), match[message]]] : []
  })
  expect(found).toHaveLength(9)
  expect(found[0]).toEqual(['mistakes.md', 3, 1, 'unknown key `titel` in the front matter'])
})
