import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WorldLimits } from '../../src/world/limits.ts'
import { isRoot } from '../conformance/machines.ts'
import { leftAfter } from '../conformance/processes.ts'
import { snapshot } from '../conformance/snapshot.ts'
import type { Attack, User } from './attack.ts'
import { checker } from './checker.ts'
import { edges } from './edges.ts'
import { cgroupsOf, type Graded, grade } from './graded.ts'
import { names } from './names.ts'
import { resources } from './resources.ts'

// Small, because what is not limited hits the machine that the tests run on.
const LIMITS: WorldLimits = {
  memory: 128 << 20,
  processes: 100,
  disk: 16 << 20,
  inodes: 3000,
  files: 256,
  output: 1 << 20,
  command: 20_000,
  time: 60_000,
  nice: 10,
}

const SECRET = 'hostile-secret-5d1c'
const users: readonly User[] = isRoot ? ['root', 'an ordinary user'] : []

let folder: string
let server: Server
let before: ReturnType<typeof snapshot>

beforeAll(async () => {
  before = snapshot()
  folder = mkdtempSync(join(tmpdir(), 'hostile-'))
  writeFileSync(join(folder, 'hidden'), SECRET)
  process.env.HOSTILE_SECRET = SECRET
  server = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
})

afterAll(() => {
  server?.close()
  rmSync(folder, { recursive: true })
})

test('there are at least 60 attacks', () => {
  expect(new Set([...resources, ...checker, ...names, ...edges].map(({ name }) => name)).size).toBeGreaterThanOrEqual(
    60,
  )
})

describe.each(users)('started by %s', (user) => {
  test('the task can be done within the limits, and then every check passes', async () => {
    const { result, limits } = await grade(solution(), LIMITS, user)
    const made = result.steps.flatMap((step) => step.checks)
    expect(made.map(({ label, status }) => `${status} ${label}`).join('\n')).not.toMatch(/^(?!passed)/m)
    expect(limits).toEqual([])
  })

  let number = 0
  for (const [kind, attacks] of Object.entries({ resources, checker, names, edges })) {
    describe(kind, () => {
      for (const attack of attacks) {
        number++
        if (!(attack.users ?? ['root']).includes(user)) continue
        test(`${number}: ${attack.name}`, { timeout: 240_000 }, async () => withstand(attack, user))
      }
    })
  }

  test('nothing of the machine is different afterwards', () => {
    expect(snapshot()).toEqual(before)
  })
})

if (!isRoot) test('hostile submissions', (context) => context.skip('only root can start worlds as two users'))

async function withstand(attack: Attack, user: User): Promise<void> {
  const graded = await grade(attack.types.map(filled), { ...LIMITS, ...attack.limits }, user)
  expectNothingPassed(graded)
  expect(graded.printed).not.toMatch(/BREACH/)
  expect(graded.printed + graded.evidence).not.toContain(SECRET)
  expect(graded.printed).not.toMatch(/[^\P{Cc}\t\n]/u)
  if (attack.prints) expect(graded.printed).toMatch(attack.prints)
  for (const part of attack.hits ?? []) expect(graded.limits.join('\n')).toContain(part)
  if (attack.ends) expect(graded.result).toMatchObject({ trouble: expect.stringContaining('the world has died') })
  else expect(graded.serves).toBe(true)
  expect(await leftAfter(graded.processes, 10_000)).toEqual([])
  expect(cgroupsOf(graded.processes)).toEqual([])
  expect(readdirSync(folder)).toEqual(['hidden'])
  expect(readFileSync(join(folder, 'hidden'), 'utf8')).toBe(SECRET)
  expect(existsSync('/usr/bin/hostile')).toBe(false)
}

function expectNothingPassed({ result }: Graded): void {
  const passed = result.steps.flatMap((step) => step.checks).filter(({ status }) => status === 'passed')
  expect(passed.map(({ kind, label, evidence }) => ({ kind, label, evidence }))).toEqual([])
  expect(result.status).not.toBe('passed')
}

function filled(text: string): string {
  const address = server.address()
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  )
  return text
    .replaceAll('@FOLDER@', folder)
    .replaceAll('@PORT@', String(typeof address === 'object' ? address?.port : 0))
    .replaceAll('@ADDRESSES@', addresses.join(' '))
}

function solution(): string[] {
  const text = readFileSync(new URL('exam.md', import.meta.url), 'utf8')
  return [/```sh solution\n([\s\S]*?)```/.exec(text)![1]!.trim()]
}
