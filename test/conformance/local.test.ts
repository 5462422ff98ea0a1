import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'
import { conformance } from './conformance.ts'
import { asUser, asUserWithSubuid, STRANGER, STRANGER_WITH_SUBUID, whyNoOtherUser } from './machines.ts'

conformance('this machine, as the current user', (spec, options) => World.open(localMachine, spec, 'any', options))

const reason = whyNoOtherUser()
if (reason) {
  test('this machine, as another user, with and without /etc/subuid', (context) => {
    console.info(`skipped: conformance as another user: ${reason}`)
    context.skip(reason)
  })
} else {
  const plain = asUser(STRANGER)
  conformance('this machine, as an ordinary user without /etc/subuid', (spec, options) =>
    World.open(plain, spec, 'any', options),
  )
  const folder = mkdtempSync(join(tmpdir(), 'subuid-'))
  const file = join(folder, 'subuid')
  writeFileSync(file, `${STRANGER_WITH_SUBUID}:231072:65536\n`)
  afterAll(() => rmSync(folder, { recursive: true }))
  const withSubuid = asUserWithSubuid(STRANGER_WITH_SUBUID, file)
  conformance('this machine, as an ordinary user with /etc/subuid', (spec, options) =>
    World.open(withSubuid, spec, 'any', options),
  )
}
