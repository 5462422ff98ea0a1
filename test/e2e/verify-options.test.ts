import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isAsleep, until } from '../support/asleep.ts'
import { fence, frontMatter } from '../support/lab-text.ts'
import { endOf, labrunWith, startLabrun } from '../support/labrun.ts'
import { Screen } from './screen.ts'

const folder = mkdtempSync(join(tmpdir(), 'labrun-verify-options-'))
const env = { XDG_STATE_HOME: join(folder, 'state') }
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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

describe('--reporter github', () => {
  test('annotates the lines that are in the way of the proof, beside the text', async () => {
    const file = join(folder, 'proof.txt')
    const words = ['--reporter', 'github', '--reporter', 'text', '--output', file]
    const { status, stdout } = await labrun(
      'verify',
      'test/fixtures/doubtful.md',
      'test/fixtures/mistakes.md',
      ...words,
    )
    expect(status).toBe(1)
    const lines = stdout.trimEnd().split('\n')
    expect(
      lines.every((line) => /^::error file=test\/fixtures\/\w+\.md,line=\d+(,col=\d+)?,title=[^:]+::/.test(line)),
    ).toBe(true)
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^::error file=test\/fixtures\/doubtful\.md,line=21,col=3,title=doubtful%3A not proven::`link: lo` holds .*%0A→ /,
      ),
    )
    expect(lines).toContainEqual(
      expect.stringMatching(/doubtful\.md,line=16,title=doubtful%3A expected output::failed: /),
    )
    expect(lines).toContainEqual(expect.stringMatching(/mistakes\.md,line=3,col=1,title=.*::unknown key `titel`/))
    expect(readFileSync(file, 'utf8')).toMatch(/^✗ doubtful[\s\S]*0 of 2 labs proven/)
  })

  test('says nothing of a lab that is proven', async () => {
    expect(await labrun('verify', 'test/fixtures/passes.md', '--reporter', 'github')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
  })
})

describe('--changed', () => {
  const make = (name: string, ...front: readonly string[]) =>
    write(name, fence('sh', `ip netns add ${name}`) + fence('yaml check', `- netns: ${name}`), ...front)
  const heads = (stdout: string) => stdout.match(/^[✓✗].*?(?=:)|not changed since it was proven$/gm)

  test('proves what was not proven as it is: the lab, those it starts from, labrun', async () => {
    const labs = [make('first'), make('second', 'from: first'), write('never', fence('yaml check', '- link: lo'))]
    const changed = async () => (await there('verify', '--changed', ...labs)).stdout
    const same = 'not changed since it was proven'
    expect(heads(await changed())).toEqual(['✓ first', '✓ second', '✗ never'])
    const again = await changed()
    expect(heads(again)).toEqual(['✓ first', same, '✓ second', same, '✗ never'])
    expect(again).toMatch(/\n2 of 3 labs proven \(2 of them before\), 0 of 1 checks/)

    make('first', 'title: Another one')
    expect(heads(await changed())).toEqual(['✓ first', '✓ second', '✗ never'])
    make('second', 'from: first', 'title: Another one')
    expect(heads(await changed())).toEqual(['✓ first', same, '✓ second', '✗ never'])

    const kept = join(env.XDG_STATE_HOME, 'labrun/proven')
    const record = join(kept, readdirSync(kept).find((name) => name.startsWith('first-'))!)
    writeFileSync(record, readFileSync(record, 'utf8').slice(0, -9))
    expect(heads(await changed())).toEqual(['✓ first', '✓ second', same, '✗ never'])
  })

  test('a proof that was repeated less often is not enough', async () => {
    const lab = make('often')
    const proven = async (...words: string[]) =>
      heads((await there('verify', lab, '--changed', ...words)).stdout)!.length
    expect([await proven('--repeat', '2'), await proven(), await proven('--repeat', '2')]).toEqual([1, 2, 2])
    expect(await proven('--repeat', '3')).toBe(1)
  })

  test('a lab that is not proven any more is always run', async () => {
    const lab = make('once')
    await there('verify', lab)
    write('once', fence('sh', 'false'))
    await there('verify', lab)
    make('once')
    expect(heads((await there('verify', lab, '--changed')).stdout)).toEqual(['✓ once'])
  })

  test('without a place to keep it, everything is proven, and it is said why', async () => {
    const words = ['verify', make('nowhere-kept'), '--changed']
    const { status, stderr } = await labrunWith({ cwd: folder, env: { XDG_STATE_HOME: '/dev/null' } }, ...words)
    expect(status).toBe(0)
    expect(stderr).toMatch(/^labrun: what was proven is not kept: ENOTDIR/)
  })
})

describe('several labs', () => {
  const slow = (name: string, seconds: number) =>
    write(name, fence('sh', `sleep ${seconds}`, `ip netns add ${name}`) + fence('yaml check', `- netns: ${name}`))

  test('--jobs: are told in the order of the command line, whichever is ready first', async () => {
    const labs = [slow('long', 0.8), slow('short', 0), write('broken', 'no step'), slow('last', 0)]
    const { stdout } = await there('verify', '--jobs', '4', ...labs)
    expect(stdout.match(/^[✓✗] [\w.]+/gm)).toEqual(['✓ long', '✓ short', '✗ broken.md', '✓ last'])
  })

  test('on a terminal, one line tells how far it is and for how long; it leaves nothing behind', async () => {
    const labs = [slow('one', 1), slow('two', 1.5)].map((name) => join(folder, name))
    const screen = new Screen(['verify', ...labs], env, { cols: 100 })
    try {
      await screen.shows(/… 0 of 2 · one \d+ %/)
      await screen.shows(/… 1 of 2 · two \d+ % · about \d+ s left/)
      expect(await screen.ended).toBe(0)
      expect(screen.text()).not.toContain('…')
      expect(screen.text()).toMatch(/^✓ one: .*\n✓ two: .*\n2 of 2 labs proven, 2 of 2 checks proven able to fail \(/)
    } finally {
      screen.close()
    }
  })

  test('without a terminal nothing but the results is printed', async () => {
    const { stdout, stderr } = await labrun('verify', 'test/fixtures/passes.md', '--json')
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toHaveLength(1)
  })
})

test('interrupted, it says so, and what was not proven is not kept', async () => {
  const seconds = '61.0977'
  const child = startLabrun(
    { env, cwd: folder },
    'verify',
    write('waits', fence('sh', `sleep ${seconds}`)),
    '--changed',
  )
  const ended = endOf(child)
  await until(() => isAsleep(seconds))
  child.kill('SIGINT')
  const { status, stdout, stderr } = await ended
  expect({ status, stderr }).toEqual({ status: 130, stderr: '' })
  expect(stdout).toMatch(/^- waits: interrupted\n0 of 1 labs proven/)
  expect(readdirSync(join(env.XDG_STATE_HOME, 'labrun/proven')).some((name) => name.startsWith('waits-'))).toBe(false)
  await until(() => !isAsleep(seconds))
})
