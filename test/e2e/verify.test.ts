import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import { labrunWith } from '../support/labrun.ts'

const folder = mkdtempSync(join(tmpdir(), 'labrun-verify-'))
const env = { XDG_STATE_HOME: join(folder, 'state') }
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROTTEN = 'test/fixtures/rotten'

/** Writes a lab of one step into the folder and returns its name. */
function write(name: string, body: string, ...front: readonly string[]): string {
  writeFileSync(join(folder, `${name}.md`), `${frontMatter(...front)}## It\n${body}`)
  return `${name}.md`
}

/** From the root of the project; what was proven is kept in the folder. */
async function labrun(...words: readonly string[]) {
  return await labrunWith({ env }, ...words)
}

/** From the folder. */
async function there(...words: readonly string[]) {
  return await labrunWith({ env, cwd: folder }, ...words)
}

/** The lines of a file that are named, with what is said of them. */
function said(stdout: string): Record<number, string> {
  const parts = stdout.split(/^ {2}\S+\.md:(\d+): /m).slice(1)
  return Object.fromEntries(
    parts.flatMap((line, index) => (index % 2 === 0 ? [[Number(line), parts[index + 1]!.trimEnd()]] : [])),
  )
}

describe('a proof', () => {
  test('of a lab whose checks can fail', async () => {
    const { status, stdout, stderr } = await labrun('verify', 'test/fixtures/passes.md')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^✓ passes: 2 steps, 3 checks: 2 fail before and pass after, 1 guard \(/)
    expect(stdout).toMatch(/\n1 of 1 labs proven, 2 of 3 checks proven able to fail, 1 guard \([\d.]+ s\)\n$/)
  })

  test('names each check that proves nothing, each wrong guard, and each output that differs', async () => {
    const { status, stdout } = await labrun('verify', 'test/fixtures/doubtful.md')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^✗ doubtful/)
    expect(said(stdout)).toEqual({
      16: expect.stringMatching(/^expected output\n\s+the output is not what is expected\n\s+- done\n\s+\+ ready$/),
      21: expect.stringMatching(/^`link: lo` holds before the step "Make" is done, so it proves nothing/),
      25: expect.stringMatching(/ says `holds: before`, but does not hold before the step/),
      32: expect.stringMatching(/^`netns: net1` holds before the step "Look" is done/),
    })
    expect(stdout).toMatch(/0 of 1 labs proven, 1 of 5 checks proven able to fail, 1 guard \(/)
  })

  test('--json has the same', async () => {
    const words = ['test/fixtures/doubtful.md', 'test/fixtures/mistakes.md', '--json', '--jobs', '2']
    const { status, stdout } = await labrun('verify', ...words)
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject([
      {
        lab: 'doubtful',
        status: 'failed',
        proven: 1,
        guards: 1,
        repetitions: 1,
        doubts: [
          { code: 'wrong-place', line: 21 },
          { code: 'guard', line: 25 },
          { code: 'from-earlier', line: 32 },
        ],
      },
      { file: 'test/fixtures/mistakes.md', status: 'error', trouble: expect.stringContaining('titel') },
    ])
  })

  test('of one lab does not need that the others can be read', async () => {
    const words = [write('good', fence('sh', 'true')), write('lost', fence('sh', 'true'), 'from: nowhere')]
    const { status, stdout } = await there('verify', ...words)
    expect(status).toBe(2)
    expect(stdout).toMatch(/✗ lost\.md\n.*there is no lab nowhere/)
    expect(stdout).toMatch(/1 of 2 labs proven/)
  })

  test('tells two checks on one line apart', async () => {
    const body = fence('sh', 'ip netns add a') + fence('yaml check', '[{netns: b}, {netns: a}]')
    const { status, stdout } = await there('verify', write('line', body))
    expect(status).toBe(1)
    expect(stdout).toMatch(/line\.md:\d+: netns: b/)
  })
})

describe('a rotten lab is found out:', () => {
  test.each([
    [
      'a check that always holds',
      'vacuous',
      {
        14: '`link: lo` holds before the step "Make a room" is done, so it proves nothing\n    → look at the right place: at `box`, the same check fails before the step and passes after it',
        25: '`sysctl: net.ipv4.ip_forward, is: 0` holds before the step "Leave it off" is done, so it proves nothing\n    → check what the step changes; if it is meant as a guard that nothing breaks, say `holds: before`',
      },
    ],
    [
      'a check that looks at the wrong namespace',
      'wrong-place',
      {
        27: '`link: left/lo, state: up` holds before the step "Leave the right one alone" is done, so it proves nothing\n    → look at the right place: at `right`, the same check fails before the step and passes after it',
        40: '`route: 10.9.0.0/24, in: left, absent: true` holds before the step "A way for the host" is done, so it proves nothing: it holds since the step "Make two rooms"\n    → move the check there, and check here what this step changes; if it is meant as a guard that nothing breaks, say `holds: before`',
      },
    ],
    [
      'a check for what is not there, whose probe cannot run',
      'unseen-negative',
      {
        14: expect.stringMatching(
          /^link: bax\/eth0, absent: true\n {4}could not find out: there is no network namespace 'bax' \(there are: box\)/,
        ),
        28: '`link: late/eth0, absent: true` never failed: before the step "Nobody could look there before" nobody could look (there is no network namespace \'late\'), and it holds as soon as one can\n    → make what it looks at in a step before, or in `sh setup`: then it has to fail before this step; if it holds there too and must stay so, say `holds: before`',
      },
    ],
    [
      'a command that works in one run and not in the other',
      'stumbles',
      {
        10: 'this command works in one run and not in another, where it ended with status 1, expected 0; nothing that comes after the step "Make" is proven\n    → prove the lab again; let nothing in it depend on chance or on who is first; `--repeat 20` says how often it goes wrong',
      },
    ],
    [
      'outputs that are right whatever is printed',
      'any-output',
      Object.fromEntries(
        [
          [14, 'take the `output` block away'],
          [22, 'take the `output` block away'],
          [30, 'take the `output` block away'],
          [36, 'write `...`'],
          [43, 'take `output` away'],
        ].map(([line, instead]) => [
          line,
          `this expected output matches whatever is printed, so it proves nothing\n    → expect the lines that matter, with placeholders for what differs in each run; if none does, ${instead}`,
        ]),
      ),
    ],
    [
      'a step that passes only because of the step before, at once or late',
      'step-before',
      Object.fromEntries(
        [
          [24, 'netns: box'],
          [25, 'netns: late'],
        ].map(([line, check]) => [
          line,
          `\`${check}\` holds before the step "Look" is done, so it proves nothing: it holds since the step "Make"\n    → move the check there, and check here what this step changes; if it is meant as a guard that nothing breaks, say \`holds: before\``,
        ]),
      ),
    ],
  ])('%s', async (_what, name, expected) => {
    const { status, stdout } = await labrun('verify', `${ROTTEN}/${name}.md`)
    // Where a probe could not run, nothing is known.
    expect(status).toBe(name === 'unseen-negative' ? 2 : 1)
    expect(said(stdout.replace(/\n\d+ of 1 labs proven[\s\S]*/, ''))).toEqual(expected)
  })

  test('what depends on chance, by repeating the proof', async () => {
    // That four throws are the same in all of seven repetitions happens once in about 17 million times.
    const { status, stdout } = await labrun('verify', `${ROTTEN}/flaky.md`, '--repeat', '7')
    expect(status).toBe(1)
    const flaky = [...stdout.matchAll(/flaky\.md:(\d+): (.*) is flaky: (.*)\n {4}→ (.*)/g)].map((match) =>
      match.slice(1),
    )
    expect(flaky.length).toBeGreaterThan(0)
    const counts = /^passed in [1-6], failed in [1-6] of 7 repetitions$/
    const known = [
      ['11', '`[ $((RANDOM % 2)) = 0 ]`', /let nothing in it depend on chance/],
      ['12', '`[ $((RANDOM % 2)) = 0 ]`', /let nothing in it depend on chance/],
      ['17', 'the expected output', /put a placeholder where values differ/],
      ['22', '`netns: heads`', /let it look at what the commands have settled/],
    ] as const
    for (const [line, title, count, advice] of flaky) {
      const [, what, rule] = known.find((one) => one[0] === line)!
      expect(title).toBe(what)
      expect(count).toMatch(counts)
      expect(advice).toMatch(rule)
    }
    expect(stdout).toMatch(/^✗ flaky: .*, 7 times \(/)
    expect(stdout).not.toMatch(/netns: box` is flaky/)
  })

  test('and a lab that does not, is proven as often as it is asked for', async () => {
    const { status, stdout } = await labrun('verify', 'test/fixtures/passes.md', '--repeat', '3')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^✓ passes: .* 1 guard, 3 times \(/)
  })
})
