import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../src/lab/problem.ts'
import { fence, frontMatter } from '../support/lab-text.ts'
import { labrun, labrunWith } from '../support/labrun.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'labrun-e2e-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a lab of one step into the folder and returns its name. */
function write(name: string, body: string, ...front: readonly string[]): string {
  writeFileSync(join(folder, `${name}.md`), `${frontMatter(...front)}## It\n${body}`)
  return `${name}.md`
}

describe('lint', () => {
  test('shows all mistakes of a file', async () => {
    const { status, stdout, stderr } = await labrunWith({ cwd: FIXTURES }, 'lint', 'mistakes.md')
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout.replace(/(?<=kinds are )ping, .*/, 'ping, …')).toMatchInlineSnapshot(`
      "mistakes.md:3:1: unknown key \`titel\` in the front matter
        3 | titel: Many mistakes
          | ^^^^^
          = did you mean \`title\`?

      mistakes.md:4:10: \`minutes\`: Invalid input: expected number, received string
        4 | minutes: soon
          |          ^^^^

      mistakes.md:9:1: commands and checks belong in a section with a \`##\` heading
        9 | \`\`\`sh
          | ^^^^^

      mistakes.md:15:16: unknown key \`pionts\` in a step directive
        15 | <!-- step: one pionts: 3 -->
           |                ^^^^^^
           = did you mean \`points\`?

      mistakes.md:17:7: unknown attribute \`setpu\` after \`sh\`
        17 | \`\`\`sh setpu
           |       ^^^^^
           = did you mean \`setup\`?

      mistakes.md:18:1: this command does not end: if is still open
        18 | if true; then
           | ^^^^^^^^^^^^^

      mistakes.md:22:3: this check has no kind; kinds are ping, …
        22 | - pnig: net1 -> 10.0.0.2
           |   ^^^^
           = did you mean \`ping\`?

      mistakes.md:24:3: unknown key \`stat\` in a link check
        24 |   stat: up
           |   ^^^^
           = did you mean \`state\`?

      mistakes.md:28:1: \`number\` is not a kind of value (known: int, num, ip, mac, if, hex, time, *)
        28 | <x:number> bytes
           | ^^^^^^^^^^
           = did you mean \`<x:num>\`?

      1 lab, 9 problems
      "
    `)
  })

  test('--json has the same with places', async () => {
    const { status, stdout } = await labrun('lint', 'test/fixtures/mistakes.md', 'test/fixtures/passes.md', '--json')
    expect(status).toBe(1)
    const { files, problems } = JSON.parse(stdout) as { files: string[]; problems: Problem[] }
    expect(files).toEqual(['test/fixtures/mistakes.md', 'test/fixtures/passes.md'])
    expect(
      problems.map(({ code, line, column, length }) => `${code} ${line}:${column}+${length}`),
    ).toMatchInlineSnapshot(`
      [
        "unknown-key 3:1+5",
        "wrong-value 4:10+4",
        "outside-step 9:1+5",
        "unknown-key 15:16+6",
        "unknown-attribute 17:7+5",
        "unfinished-command 18:1+13",
        "check-without-kind 22:3+4",
        "unknown-key 24:3+4",
        "bad-pattern 28:1+10",
      ]
    `)
  })

  test('has nothing to say of a lab that is right', async () => {
    expect(await labrun('lint', 'test/fixtures/passes.md')).toEqual({
      status: 0,
      stdout: '1 lab, no problems\n',
      stderr: '',
    })
  })

  test.each([
    ['nowhere', 'from: nowhere', /chain\.md:3:1: there is no lab nowhere/],
    ['itself', 'from: chain', /chain\.md:3:1: .*leads back to this lab/],
    ['a step that is not there', 'from: good#last', /chain\.md:3:1: .*good has no step last/],
    ['a lab with mistakes', 'from: bad', /chain\.md:3:1: that lab has problems of its own/],
  ])('a lab that starts from %s', async (_what, line, message) => {
    write('good', fence('sh', 'true'))
    write('bad', fence('sh setpu', 'true'))
    const { status, stdout } = await labrunWith({ cwd: folder }, 'lint', write('chain', fence('sh', 'true'), line))
    expect(status).toBe(1)
    expect(stdout).toMatch(message)
  })

  test('names each output that is right whatever is printed; the lab can be run all the same', async () => {
    const { status, stdout } = await labrun('lint', 'test/fixtures/rotten/any-output.md')
    expect(status).toBe(1)
    expect(stdout.match(/^test\S+/gm)).toEqual(
      ['14:1', '22:1', '30:1', '36:1', '43:1'].map((place) => `test/fixtures/rotten/any-output.md:${place}:`),
    )
    expect(stdout).toContain('= expect the lines that matter')
    expect(await labrun('run', 'test/fixtures/rotten/any-output.md')).toMatchObject({ status: 0 })
  })
})
