import { expect } from 'vitest'
import type { WorldSpec } from '../../src/lab/lab.ts'
import { type Case, lan, outputOf, type } from './case.ts'

const otherLan: WorldSpec = {
  lan: { uplink: { name: 'eth7', address: '172.16.9.5/20' }, gateway: '172.16.0.1', client: '172.16.15.254' },
}

/** A room behind the student's machine, which forwards for it. */
const ROOM = `ip netns add net1; ip link add v0 type veth peer name eth0 netns net1
ip addr add 10.0.0.1/24 dev v0; ip link set v0 up
ip -n net1 addr add 10.0.0.2/24 dev eth0; ip -n net1 link set eth0 up; ip -n net1 route add default via 10.0.0.1
sysctl -qw net.ipv4.ip_forward=1`

/** The preset `lan`: the other computers around the student's. */
export const lanCases: readonly Case[] = [
  {
    name: 'lan: the uplink, the way out, and no namespace to be seen',
    spec: lan,
    async run(world) {
      expect(await outputOf(world, 'ip -br -4 addr show ens33; ip route; ip netns list; ls /sys/class/net')).toMatch(
        /^ens33@if\d+ +UP +192\.168\.0\.10\/24 \ndefault via 192\.168\.0\.2 dev ens33 \n192\.168\.0\.0\/24 dev ens33 .*src 192\.168\.0\.10 \nens33\nlo$/,
      )
    },
  },
  {
    name: 'lan: gateway, client and server answer, by address and by name',
    spec: lan,
    async run(world) {
      const names = '192.168.0.2 192.168.0.129 203.0.113.10 gateway client server www.example.com'
      expect(await outputOf(world, `for i in ${names}; do ping -c 1 -W 2 $i >/dev/null && echo $i; done`)).toBe(
        names.replaceAll(' ', '\n'),
      )
      expect(await outputOf(world, 'ping -c 1 -W 2 203.0.113.10')).toMatch(/ttl=63/)
      expect(await outputOf(world, 'ping -c 1 -W 2 client')).toMatch(/ttl=64/)
    },
  },
  {
    name: 'lan: http://www.example.com answers 200, and has seen the gateway',
    spec: lan,
    async run(world) {
      expect(await outputOf(world, "curl -s -w '%{http_code}' http://www.example.com/any/path")).toBe(
        'This is www.example.com. You came from 203.0.113.1.\n200',
      )
      expect(await outputOf(world, 'curl -sI http://www.example.com/ | tr -d "\\r"')).toMatch(/^HTTP\/1\.1 200 OK\n/)
      const many = 'for i in $(seq 20); do curl -s -o /dev/null -w "%{http_code}\\n" http://203.0.113.10/ & done; wait'
      expect((await outputOf(world, many)).split('\n')).toEqual(Array(20).fill('200'))
    },
  },
  {
    name: 'lan: the gateway masquerades for its own LAN, and knows nothing of the student’s networks',
    spec: lan,
    async run(world) {
      expect(await outputOf(world, 'iptables -t nat -S POSTROUTING', 'gateway')).toMatch(
        /-A POSTROUTING -o wan0 -j MASQUERADE/,
      )
      expect(await outputOf(world, 'ip route', 'gateway')).not.toMatch(/default|10\.0/)
      await outputOf(world, ROOM)
      const ping = 'ip netns exec net1 ping -c 1 -W 0.3 203.0.113.10'
      expect(await type(world, ping)).toMatchObject({ status: 1 })
      await outputOf(world, 'iptables -t nat -A POSTROUTING -s 10.0.0.0/24 -o ens33 -j MASQUERADE')
      expect(await outputOf(world, ping)).toMatch(/ttl=62/)
    },
  },
  {
    name: 'lan: shells on client, server and gateway have their own name, network, rules and namespaces',
    spec: lan,
    async run(world) {
      await outputOf(world, 'ip netns add mine; iptables -P INPUT DROP; iptables -P INPUT ACCEPT; touch /tmp/of-host')
      for (const [name, address] of [
        ['client', '192.168.0.129'],
        ['server', '203.0.113.10'],
        ['gateway', '192.168.0.2'],
      ] as const) {
        expect(await outputOf(world, 'hostname; uname -n; ip netns list; iptables -S INPUT', name)).toBe(
          `${name}\n${name}\n-P INPUT ACCEPT`,
        )
        expect(await outputOf(world, 'ip -br -4 addr', name)).toContain(address)
        await outputOf(world, 'X=here; ip netns add net1; ip link add v0 type veth peer name v1 netns net1', name)
        expect(await outputOf(world, 'ip netns exec net1 ls /sys/class/net; ls /sys/class/net; echo $X', name)).toMatch(
          /^lo\nv1\n([^v]\w*\n)*v0\n(wan0\n)?here$/,
        )
      }
      expect(await outputOf(world, 'ip netns list; hostname; echo "[$X]"')).toBe('mine\nhost\n[]')
    },
  },
  {
    name: 'lan: client and host reach each other; a server on the host is reached from the client',
    spec: lan,
    async run(world) {
      await outputOf(world, 'ping -c 1 -W 2 192.168.0.10 && ping -c 1 -W 2 www.example.com', 'client')
      const server = await world.launch('main', 'python3 -m http.server 8000 --directory /etc', () => {})
      const fetch = 'curl -s --retry 20 --retry-connrefused --retry-delay 1 http://192.168.0.10:8000/hostname'
      expect(await outputOf(world, fetch, 'client')).toBe('host')
      expect((await server.end()).text).toMatch(/^192\.168\.0\.129 .*"GET \/hostname/m)
    },
  },
  {
    name: 'lan: a nested shell and a time-out on the client',
    spec: lan,
    async run(world) {
      await type(world, 'bash', { terminal: 'client' })
      const end = await type(world, 'ping -i 0.2 192.168.0.2', { terminal: 'client', timeout: 500 })
      expect(end).toMatchObject({ timedOut: true, shellEnded: false })
      expect(end.output).toMatch(/packets transmitted/)
      expect(await outputOf(world, 'hostname; echo $SHLVL', 'client')).toBe('client\n2')
    },
  },
  {
    name: 'lan: an unknown address is unreachable, and that is told at once',
    spec: lan,
    async run(world) {
      const start = Date.now()
      const end = await type(world, 'ping -c 1 -W 5 198.51.100.7')
      expect(end.status).toBe(1)
      expect(end.output).toMatch(/From 192\.168\.0\.2 icmp_seq=1 Destination Net Unreachable/)
      expect(Date.now() - start).toBeLessThan(2000)
    },
  },
  {
    name: 'lan: other names and numbers',
    spec: otherLan,
    async run(world) {
      expect(await outputOf(world, 'ip -br -4 addr show eth7; ip route show default')).toMatch(
        /^eth7@if\d+ +UP +172\.16\.9\.5\/20 \ndefault via 172\.16\.0\.1 dev eth7$/,
      )
      await outputOf(world, 'ping -c 1 -W 2 gateway && ping -c 1 -W 2 client && ping -c 1 -W 2 server')
      expect(await outputOf(world, 'ip -br -4 addr', 'client')).toContain('172.16.15.254/20')
    },
  },
]
