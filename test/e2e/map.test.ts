import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Network } from '../../src/topology/network.ts'
import { CLI } from './screen.ts'

const map = async (...args: string[]) => (await promisify(execFile)(process.execPath, [CLI, 'map', ...args])).stdout

describe('labrun map', () => {
  it('reads names, addresses, ports, states and cables from the world', async () => {
    const network = JSON.parse(await map('03-bridge#power', '--format', 'json')) as Network
    const host = network.places.find(({ name }) => name === 'host')!
    expect(host.devices.map(({ name, master, state }) => [name, master, state])).toEqual([
      ['veth3out', 'br0', 'up'],
      ['veth4out', 'br0', 'up'],
      ['br0', undefined, 'up'],
    ])
    const cables = network.cables.map(({ ends, up }) => [...ends.map(({ place, device }) => `${place}/${device}`), up])
    expect(cables).toEqual([
      ['host/veth3out', 'net3/veth3in', true],
      ['host/veth4out', 'net4/veth4in', true],
    ])
  })

  it('marks a link that has failed, in the text and in Mermaid', async () => {
    expect(await map('02-veth#unplug')).toContain('no link')
    expect(await map('02-veth#unplug', '--format', 'mermaid')).toContain('-.-|no link|')
  })

  it('tells of the firewall that a lab makes: policy, chains and jumps', async () => {
    const text = await map('08-docker-chains#rules')
    expect(text).toContain('\n    filter FORWARD, policy DROP\n      1 -j DOCKER-USER\n')
    expect(text).toContain('\n    filter DOCKER: empty\n')
    expect(text).toContain('\n    nat PREROUTING\n      1 -m addrtype --dst-type LOCAL -j DOCKER\n')
  })

  it('says which steps there are when it does not know one', async () => {
    await expect(map('02-veth#unplugg')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean `unplug`?'),
    })
  })
})
