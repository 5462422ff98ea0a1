import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Machine, outputOf } from '../../src/machine/machine.ts'
import { virtualMachine } from './machine.ts'

let machine: Machine
beforeAll(async () => {
  machine = await virtualMachine()
})
afterAll(async () => await machine.close())

const SCRIPT = readFileSync(new URL('../../vagrant/provision.sh', import.meta.url), 'utf8')

test('provisioning again changes nothing', async () => {
  const before = await state()
  expect(await provision()).toBe('provisioned: 0 changes\n')
  expect(await state()).toBe(before)
})

test('what somebody has changed is put right, and told', async () => {
  await outputOf(machine, [
    'sudo',
    'sh',
    '-c',
    'rm /etc/modules-load.d/labrun.conf; echo "MaxSessions 3" >/etc/ssh/sshd_config.d/labrun.conf',
  ])
  expect(await provision()).toBe(
    'changed: /etc/modules-load.d/labrun.conf\nchanged: /etc/ssh/sshd_config.d/labrun.conf\nprovisioned: 2 changes\n',
  )
  expect(await provision()).toBe('provisioned: 0 changes\n')
})

test('both back ends of iptables, ebtables with broute, br_netfilter and dockerd are there', async () => {
  const look = [
    'iptables-nft -V',
    'iptables-legacy -t nat -S',
    'iptables-nft -t nat -S',
    'ebtables-legacy -t broute -L',
    'ebtables-nft -L',
    'cat /proc/sys/net/bridge/bridge-nf-call-iptables',
    'dockerd --version',
    'systemctl is-enabled docker.service || true',
  ]
  const said = await outputOf(machine, ['sudo', 'sh', '-ec', look.join('\n')])
  expect(said).toMatch(
    /nf_tables[\s\S]*PREROUTING ACCEPT[\s\S]*PREROUTING ACCEPT[\s\S]*broute[\s\S]*FORWARD[\s\S]*1\nDocker version[\s\S]*masked/,
  )
})

async function provision(): Promise<string> {
  return await outputOf(machine, ['sudo', 'sh', '-c', SCRIPT])
}

/** Packages, the files below /etc with times and contents, modules, units. */
async function state(): Promise<string> {
  const look = `dpkg-query -W; find /etc -xdev -type f -printf '%p %T@ %s\\n' | sort; find /etc -xdev -type f -exec md5sum {} + | sort
lsmod | cut -d' ' -f1 | sort; systemctl list-unit-files --no-pager; ip -br link; iptables-save`
  return await outputOf(machine, ['sudo', 'sh', '-c', look])
}
