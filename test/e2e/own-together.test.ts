import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const LAB = fileURLToPath(new URL('../fixtures/together.md', import.meta.url))
const PROMPT = /root@host:\S+# ?$/

const screens = eachWithScreens()

async function type(screen: Screen, text: string): Promise<void> {
  await screen.shows(PROMPT)
  screen.type(`${text}\r`)
}

it('takes together what several commands have shown, also after check, and goes on to see what is there', async () => {
  const screen = screens.open([LAB])
  await screen.answer('▸ iptables -P INPUT DROP', 'd\r')
  await type(screen, 'iptables -P INPUT DROP')
  await screen.shows('1 of 4: filter OUTPUT -p icmp: rule 1 has counted 0 packets')
  await type(screen, 'ping -c 1 -W 0.2 127.0.0.1')
  await screen.shows('rule 1 has counted 1 packet,')
  await type(screen, 'check')
  await screen.shows(/no packet 2: only 1 came[\s\S]*# ?$/)
  await type(screen, 'iptables -P INPUT ACCEPT')
  await screen.shows('0 of 4: filter INPUT: its policy is ACCEPT')
  // As nobody types: until the next command is watched, a tenth of a second may go by.
  await delay(1000)
  await type(screen, 'iptables -P INPUT DROP; ping -c 1 -W 0.2 127.0.0.2')
  await screen.shows('4 of 4 hold: next goes on.')
})

it('takes what it sees for a value that the output of the lab’s own command would have shown', async () => {
  const screen = screens.open([LAB])
  await screen.answer('▸ iptables -P INPUT DROP', 'd\r')
  await type(screen, 'iptables -P INPUT DROP; ping -c 1 -W 0.2 127.0.0.1; ping -c 1 -W 0.2 127.0.0.2')
  await screen.shows('4 of 4 hold')
  await type(screen, 'next')
  await screen.shows('Step 2 of 2')
  await type(screen, 'echo "id none" > /tmp/id')
  await screen.shows('0 of 1: cat /tmp/id: status 0, output differs')
  await type(screen, 'echo "id 4711" > /tmp/id')
  await screen.shows('It holds: next goes on.')
  await type(screen, 'next')
  await screen.shows('You have finished')
  expect(await screen.ended).toBe(0)
})

it('says the same of a command a moment later', async () => {
  const screen = screens.open([LAB])
  await screen.answer('▸ iptables -P INPUT DROP', 'd\r')
  await type(screen, 'iptables -P INPUT DROP; ping -c 1 -W 0.2 127.0.0.1')
  await screen.shows('1 of 4: ')
  await delay(1500)
  expect(screen.text().match(/^1 of 4: /gm)).toHaveLength(1)
})

it('says it of the last command only, where the one before it was a moment ago', async () => {
  const screen = screens.open([LAB])
  await screen.answer('▸ iptables -P INPUT DROP', 'd\r')
  await type(screen, 'true')
  await screen.shows('0 of 4: filter INPUT: its policy is ACCEPT')
  await type(screen, 'iptables -P INPUT DROP')
  await screen.shows(/^1 of 4: /m)
  await delay(1500)
  expect(screen.text().match(/^1 of 4: /gm)).toHaveLength(1)
})

it('does not take what check or next itself sends for what the student has sent', async () => {
  const file = join(screens.folder, 'sends.md')
  writeFileSync(
    file,
    [
      frontMatter('world: isolated', 'title: One ping'),
      '## A ping',
      fence('sh setup', 'ip link set lo up', 'iptables -A OUTPUT -p icmp'),
      fence('sh', 'ping -c 1 -W 0.2 127.0.0.1'),
      fence(
        'yaml check',
        '- ping: host -> 127.0.0.1',
        '- iptables: filter OUTPUT -p icmp',
        '  packets: ">= 1"',
        '- capture: lo',
        '  filter: icmp',
        '  sees: ICMP echo request',
      ),
    ].join('\n\n'),
  )
  const screen = screens.open([file])
  await screen.answer('▸ ping', 'd\r')
  for (const end of ['1', '2', '3']) {
    await type(screen, `check; echo en""d ${end}`)
    await screen.shows(`end ${end}`)
  }
  expect(screen.text().match(/✓ ping/g)).toHaveLength(3)
  expect(screen.text().match(/✗ iptables/g)).toHaveLength(3)
  expect(screen.text().match(/✗ capture/g)).toHaveLength(3)
  await type(screen, 'next')
  await screen.shows(/✗ iptables[^✗]*\n {2}next: look again/)
  await type(screen, 'true')
  await screen.shows('0 of 3: filter OUTPUT -p icmp')
  await type(screen, 'ping -c 1 -W 0.2 127.0.0.1')
  await screen.shows(/2 of 3 hold; check: tries the last one/)
  await type(screen, 'check')
  await screen.shows('All of it holds')
})

it('says where what is counted together starts anew, because labrun itself has sent packets', async () => {
  const file = join(screens.folder, 'counts.md')
  const setup = fence('sh setup', 'ip link set lo up', 'iptables -A OUTPUT -p icmp --icmp-type 8')
  const pings = fence('sh', 'ping -c 1 127.0.0.1', 'ping -c 1 127.0.0.2')
  const checks = ['- iptables: filter OUTPUT -p icmp --icmp-type 8', '  packets: "+2"', '- ping: host -> 127.0.0.1']
  const parts = ['## Two pings', setup, pings, fence('yaml check', ...checks)]
  writeFileSync(file, [frontMatter('world: isolated', 'title: Two'), ...parts].join('\n\n'))
  const screen = screens.open([file])
  await screen.answer('▸ ping', 'd\r')
  const told = (times: number) =>
    new RegExp(`^(?:[\\s\\S]*\\(Counting starts anew here\\.\\)){${times}}\n[\\s\\S]*# ?$`)
  // Nothing is counted yet.
  for (const end of ['1', '2']) {
    await type(screen, 'true; check')
    await screen.shows(new RegExp(`(?:✗ iptables[\\s\\S]*✓ ping[\\s\\S]*){${end}}# ?$`))
  }
  expect(screen.text()).not.toContain('Counting starts')
  await type(screen, 'ping -c 1 127.0.0.1')
  await screen.shows(/watched 1\s+packet/)
  await type(screen, 'check')
  await screen.shows(told(1))
  await type(screen, 'check')
  await screen.shows(/(?:✗ iptables[\s\S]*){4}✓ ping[\s\S]*# ?$/)
  await type(screen, 'ping -c 1 127.0.0.2')
  await screen.shows(/# ping -c 1 127.0.0.2\n[\s\S]*watched 1\s+packet/)
  await type(screen, 'next')
  await screen.shows(told(2))
  await type(screen, 'ping -c 1 127.0.0.1; ping -c 1 127.0.0.2')
  await screen.shows('1 of 2 hold')
  await type(screen, 'check')
  await screen.shows('All of it holds')
  expect(screen.text().match(/Counting starts/g)).toHaveLength(2)
})

it('says so too where the first of them was run by Enter, and not where what watches holds already', async () => {
  const file = join(screens.folder, 'half.md')
  const setup = fence('sh setup', 'ip link set lo up', 'iptables -A OUTPUT -p icmp --icmp-type 8')
  const checks = ['- iptables: filter OUTPUT -p icmp --icmp-type 8', '  packets: "+2"', '- netns: net1']
  const pings = fence('sh', 'ping -c 1 127.0.0.1', 'ping -c 1 127.0.0.2')
  const parts = ['## Two pings', setup, pings, fence('yaml check', ...checks)]
  writeFileSync(file, [frontMatter('world: isolated', 'title: Half'), ...parts].join('\n\n'))
  const screen = screens.open([file])
  await screen.answer('▸ ping -c 1 127.0.0.1', 'd\r')
  await screen.shows(PROMPT)
  expect(screen.text()).not.toContain('Counting')
  await type(screen, 'follow')
  await screen.answer(/# follow[\s\S]*▸ ping -c 1 127.0.0.1/, '\r')
  await screen.answer('▸ ping -c 1 127.0.0.2', 'd\r')
  await screen.shows(/\(Counting starts anew here\.\)\n[\s\S]*# ?$/)
  await type(screen, 'follow')
  await screen.answer(/(?:# follow[\s\S]*){2}▸ ping -c 1 127.0.0.2/, '\r')
  await screen.answer('✗ netns', 'd\r')
  await screen.shows(/✗ netns[\s\S]*# ?$/)
  expect(screen.text().match(/Counting starts/g)).toHaveLength(1)
})

it('does not take for the student’s the packet with which check finds out why there was none', async () => {
  const file = join(screens.folder, 'why.md')
  const cable = [
    'ip netns add net1',
    'ip netns add net2',
    'ip link add veth1 netns net1 type veth peer name veth2 netns net2',
    'ip -n net1 addr add 10.0.0.1/24 dev veth1',
    'ip -n net2 addr add 10.0.0.2/24 dev veth2',
    'ip -n net1 link set veth1 up',
    'ip -n net2 link set veth2 up',
  ]
  const path = ['- path: net1 -> 10.0.0.2', '  hops: ["net2/veth2 10.0.0.1 > 10.0.0.2"]']
  const parts = ['## A ping', fence('sh setup', ...cable), fence('sh', 'ip netns exec net1 ping -c 1 10.0.0.2')]
  writeFileSync(file, [frontMatter('title: One ping'), ...parts, fence('yaml check', ...path)].join('\n\n'))
  const screen = screens.open([file])
  await screen.answer('▸ ip netns exec', 'd\r')
  for (const command of ['true', 'true', 'check', 'true', 'true', 'check']) await type(screen, command)
  await screen.shows(/(?:✗ path[\s\S]*labrun has sent a packet[\s\S]*){2}# ?$/)
  expect(screen.text()).not.toMatch(/✓ path|It holds/)
  await type(screen, 'ip netns exec net1 ping -c 1 10.0.0.2')
  await screen.shows('It holds: next goes on.')
})
