import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isRoot } from '../conformance/machines.ts'
import { startSshd, whyNoSshd } from '../machine/sshd.ts'
import { labrun, labrunWith } from '../support/labrun.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'place-'))
  for (const machine of ['any', 'root', 'vm']) {
    const text = `---\nlabrun: 1\nmachine: ${machine}\n---\n\n## Look\n\n\`\`\`sh\nip netns add box; id -u\n\`\`\`\n\n\`\`\`yaml check\n- netns: box\n\`\`\`\n`
    writeFileSync(join(folder, `${machine}.md`), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('--on', () => {
  test('a place that is none is refused, with those that are', async () => {
    const { status, stderr } = await labrun('run', join(folder, 'any.md'), '--on', 'moon')
    expect(status).toBe(2)
    expect(stderr).toContain('expected auto, local, vagrant, or ssh:USER@HOST')
  })

  test.each(['ssh:', 'ssh:-oProxyCommand=true', 'ssh:a b'])('%s is no place', async (place) => {
    expect((await labrun('run', join(folder, 'any.md'), '--on', place)).status).toBe(2)
  })

  test.skipIf(whyNoSshd)('a machine over SSH, before the subcommand and after it', async () => {
    const server = await startSshd()
    const bin = join(folder, 'bin')
    // What a person has in ~/.ssh/config.
    const wrapper = `#!/bin/sh\nexec /usr/bin/ssh -F ${server.config} "$@"\n`
    mkdirSync(bin)
    writeFileSync(join(bin, 'ssh'), wrapper, { mode: 0o755 })
    const env = { PATH: `${bin}:${process.env.PATH}` }
    for (const words of [
      ['run', join(folder, 'any.md'), '--on', 'ssh:there', '--json'],
      ['--on', 'ssh:there', 'run', join(folder, 'any.md'), '--json'],
    ]) {
      const { status, stdout, stderr } = await labrunWith({ env }, ...words)
      expect(status, stderr + stdout).toBe(0)
    }
    await server.stop()
  })

  test('a machine that is not there: an error that names the cause, and no lab has failed', async () => {
    const { status, stdout } = await labrun(
      'run',
      join(folder, 'any.md'),
      '--on',
      'ssh:nobody@nowhere.invalid',
      '--json',
    )
    expect(status).toBe(2)
    const { labs } = JSON.parse(stdout) as { labs: { status: string; trouble: string }[] }
    expect(labs[0]).toMatchObject({ status: 'error' })
    expect(labs[0]!.trouble).toMatch(/nobody@nowhere\.invalid: no machine of that name is known/)
  })
})

describe('a lab that needs more of the machine', () => {
  test.each(['root', 'vm'])('machine: %s does not get it from this one unasked', async (machine) => {
    const { status, stdout } = await labrun('run', join(folder, `${machine}.md`), '--on', 'local')
    expect(status).toBe(2)
    expect(stdout).toMatch(/says `machine: [\s\S]*→ run it in the virtual machine: --on vagrant[\s\S]*--privileged/)
  })

  test('with --privileged, root gets the real root, and who is not root is told', async () => {
    const { status, stdout } = await labrun('run', join(folder, 'root.md'), '--on', 'local', '--privileged')
    if (isRoot) expect(status, stdout).toBe(0)
    else {
      expect(status).toBe(2)
      expect(stdout).toMatch(/sudo|root/)
    }
  })
})
