import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const PROMPT = /root@host:\S+# ?$/
const CABLE = 'ip link add v1 type veth peer name v2; ip link add v3 type veth peer name v4'

const screens = eachWithScreens()

/** The student's own shell at a step with these checks. */
async function atChecks(...checks: readonly string[]): Promise<Screen> {
  const file = join(screens.folder, 'lab.md')
  writeFileSync(
    file,
    [frontMatter('title: Cables'), '## A step', fence('sh', CABLE), fence('yaml check', ...checks)].join('\n'),
  )
  const screen = screens.open([file])
  await screen.answer('▸ ip link add', 'd\r')
  return screen
}

async function type(screen: Screen, text: string): Promise<void> {
  await screen.shows(PROMPT)
  screen.type(`${text}\r`)
}

it('check waits for several things at the same time, and not for one after the other', async () => {
  const screen = await atChecks('- link: v1', '  state: up', '- link: v3')
  // While the first is waited for, the second goes.
  await type(screen, `${CABLE}; (sleep 1; ip link del v3) &`)
  await type(screen, 'check')
  await screen.shows(/✗ link: v1, state: up \(\d+ tries[\s\S]*✓ link: v3\n/)
})

it('check looks again at what may have come with something that was waited for', async () => {
  const screen = await atChecks('- link: v1', '  state: up', '- addr: v1', '  has: 10.0.0.1/24')
  await type(screen, `${CABLE}; (sleep 1; ip addr add 10.0.0.1/24 dev v1; ip link set v2 up; ip link set v1 up) &`)
  await type(screen, 'check')
  await screen.shows(/✓ link: v1, state: up[^\n]*\n +✓ addr: v1/)
})

describe('what labrun itself sends leaves no neighbours behind, and no ARP requests that would be taken for the student’s', () => {
  const wire = ['ip link add v1 type veth peer name v2', 'ip addr add 10.0.0.1/24 dev v1', 'ip link set v1 up']
  const asked = (address: string) => [
    `- neigh: ${address}`,
    '  state: [incomplete, failed]',
    '  within: 200ms',
    '- capture: v1',
    '  filter: arp',
    `  sees: who-has ${address}`,
  ]

  /** The student pings 10.0.0.9 and 10.0.0.8; before the second, labrun does. */
  function open(): Screen {
    const file = join(screens.folder, 'neighbours.md')
    const parts = [
      '## A step',
      fence('sh setup', ...wire, 'ip link set v2 up'),
      fence('sh', '! ping -c 1 -W 1 10.0.0.9'),
      fence('yaml check', ...asked('10.0.0.9'), '- ping: host -> 10.0.0.8', '  expect: no-reply'),
      '## The same',
      fence('sh', '! ping -c 1 -W 1 10.0.0.8'),
      fence('yaml check', ...asked('10.0.0.8')),
    ]
    writeFileSync(file, [frontMatter('title: Nobody is there'), ...parts].join('\n'))
    return screens.open([file])
  }

  it('check and next', async () => {
    const screen = open()
    await screen.answer('▸ ! ping', 'd\r')
    const failed = '✗ neigh: [\\s\\S]*✗ capture: [\\s\\S]*✓ ping: [\\s\\S]*'
    for (const times of [1, 2]) {
      await type(screen, 'check')
      await screen.shows(new RegExp(`(?:${failed}){${times}}# ?$`))
    }
    await type(screen, 'next')
    await screen.shows(/# next\n[\s\S]*✗ neigh: [\s\S]*# ?$/)
    await type(screen, 'ping -c 1 -W 1 10.0.0.9')
    await screen.shows(/2 of 3 hold; check/)
    await type(screen, 'next')
    await screen.shows('Step 2 of 2')
    expect(screen.text()).not.toMatch(/^ +… /m)
    await type(screen, 'sleep 1')
    await screen.shows('0 of 2: 10.0.0.8: no entry')
  })

  it('the checks of a student who follows', async () => {
    const screen = open()
    await screen.answer('▸ ! ping -c 1 -W 1 10.0.0.9', '\r')
    await screen.answer('▸ ! ping -c 1 -W 1 10.0.0.8', 'd\r')
    await type(screen, 'sleep 1')
    await screen.shows('0 of 2: 10.0.0.8: no entry')
  })
})
