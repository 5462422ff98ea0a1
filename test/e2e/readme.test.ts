import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { CLI } from './screen.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

it('prints what the README shows', async () => {
  const lab = /<!-- demo: lab -->\n`{4}markdown\n([\s\S]*?)\n`{4}/.exec(README)![1]!
  const shown = /<!-- demo: output -->\n```text\n([\s\S]*?)\n```/.exec(README)![1]!
  const folder = mkdtempSync(join(tmpdir(), 'labrun-readme-'))
  try {
    writeFileSync(join(folder, 'cable.md'), lab)
    const run = promisify(execFile)(process.execPath, [CLI, 'run', 'cable.md'], { cwd: folder })
    const { stdout, code } = (await run.catch((error: unknown) => error)) as { stdout: string; code: number }
    expect(code).toBe(1)
    expect(steady(stdout)).toBe(steady(shown))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Without what is another in each run: how long things took. */
function steady(text: string): string {
  return text
    .replace(/\(\d+ tries, [\d.]+ s\)/g, '(N tries)')
    .replace(/[\d.]+ s$/gm, 'T s')
    .replace(/time \d+ms/g, 'time Tms')
    .trim()
}
