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
})

describe('verify', () => {
  test('proves a lab whose checks can fail', async () => {
    const { status, stdout, stderr } = await labrun('verify', 'test/fixtures/passes.md')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^✓ passes: 2 steps, 3 checks: 2 fail before and pass after, 1 guard/)
    expect(stdout).toMatch(/\n1 of 1 labs proven, 2 checks proven able to fail\n$/)
  })

  test('names each check that proves nothing, each wrong guard, and each output that differs', async () => {
    const { status, stdout } = await labrun('verify', 'test/fixtures/doubtful.md')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^✗ doubtful/)
    expect(stdout).toMatch(
      /doubtful\.md:10: expected output\n\s+the output is not what is expected\n\s+- done\n\s+\+ ready\n/,
    )
    expect(stdout).toMatch(/doubtful\.md:21: `link: lo` holds before the step "Make" is done, so it proves nothing/)
    expect(stdout).toMatch(/doubtful\.md:25: .* says `holds: before`, but does not hold before the step/)
    expect(stdout).toMatch(/doubtful\.md:32: `netns: net1` holds before the step "Look" is done/)
    expect(stdout.match(/doubtful\.md:\d+/g)).toHaveLength(4)
    expect(stdout).toMatch(/0 of 1 labs proven, 1 checks proven able to fail\n$/)
  })

  test('--json has the same', async () => {
    const { status, stdout } = await labrun(
      'verify',
      'test/fixtures/doubtful.md',
      'test/fixtures/mistakes.md',
      '--json',
      '--jobs',
      '2',
    )
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject([
      { lab: 'doubtful', status: 'failed', proven: 1, guards: 1, doubts: [{ line: 21 }, { line: 25 }, { line: 32 }] },
      { file: 'test/fixtures/mistakes.md', status: 'error', trouble: expect.stringContaining('titel') },
    ])
  })

  test('a lab that cannot be read does not keep the others from being proven', async () => {
    const words = [write('good', fence('sh', 'true')), write('lost', fence('sh', 'true'), 'from: nowhere')]
    const { status, stdout } = await labrunWith({ cwd: folder }, 'verify', ...words)
    expect(status).toBe(2)
    expect(stdout).toMatch(/✗ lost\.md\n.*there is no lab nowhere/)
    expect(stdout).toMatch(/1 of 2 labs proven/)
  })

  test('two checks on one line are two checks', async () => {
    const body = fence('sh', 'ip netns add a') + fence('yaml check', '[{netns: b}, {netns: a}]')
    const { status, stdout } = await labrunWith({ cwd: folder }, 'verify', write('line', body))
    expect(status).toBe(1)
    expect(stdout).toMatch(/line\.md:\d+: netns: b/)
  })
})
