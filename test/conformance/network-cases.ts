import { expect } from 'vitest'
import { type Case, eventually, outputOf, type } from './case.ts'

/** Two rooms with a cable between them. */
const CABLE = `ip netns add net1; ip netns add net2
ip link add veth1 netns net1 type veth peer name veth2 netns net2
ip -n net1 addr add 10.0.0.1/24 dev veth1; ip -n net2 addr add 10.0.0.2/24 dev veth2
ip -n net1 link set veth1 up; ip -n net2 link set veth2 up`

/** What networks are built with in a world: namespaces, cables, bridges, routes, tcpdump. */
export const networkCases: readonly Case[] = [
  {
    name: '`ip netns`: none at the start; add, list, exec, del, add again',
    async run(world) {
      expect(await outputOf(world, 'ip netns list; ls -A /run')).not.toMatch(/net/)
      await outputOf(world, 'ip netns add net1 && ip netns add net2')
      expect(await outputOf(world, 'ip netns list | sort')).toBe('net1\nnet2')
      expect(await outputOf(world, 'ip netns exec net1 ip -o link')).toMatch(/^1: lo: .*state DOWN/)
      await outputOf(world, 'ip netns del net1 && ip netns add net1 && ip netns del net1')
      expect(await outputOf(world, 'ip netns list')).toBe('net2')
      expect((await type(world, 'ip netns exec net1 true')).output).toContain('Cannot open network namespace')
    },
  },
  {
    name: 'the student’s machine has `lo`, up, and nothing else',
    async run(world) {
      expect(await outputOf(world, 'ls /sys/class/net; ip -br addr; ip route; hostname; id -u')).toBe(
        'lo\nlo               UNKNOWN        127.0.0.1/8 ::1/128 \nhost\n0',
      )
      expect(await outputOf(world, 'ping -c 1 -W 1 host && ping -c 1 -W 1 localhost')).toMatch(/ 0% packet loss/)
    },
  },
  {
    name: 'a veth pair between two namespaces carries packets, and none when it is down',
    async run(world) {
      await outputOf(world, CABLE)
      expect(await outputOf(world, 'ip netns exec net1 ping -c 2 -i 0.1 -W 1 10.0.0.2')).toMatch(
        /2 packets transmitted, 2 received, 0% packet loss/,
      )
      await outputOf(world, 'ip -n net2 link set veth2 down')
      expect(await type(world, 'ip netns exec net1 ping -c 1 -W 0.3 10.0.0.2')).toMatchObject({ status: 1 })
    },
  },
  {
    name: 'a bridge connects three namespaces, and learns where they are',
    async run(world) {
      await outputOf(world, 'ip link add br0 type bridge; ip link set br0 up; ip addr add 10.1.0.254/24 dev br0')
      for (const n of [1, 2, 3]) {
        await outputOf(
          world,
          `ip netns add n${n}; ip link add v${n} master br0 type veth peer name eth0 netns n${n}
          ip link set v${n} up; ip -n n${n} addr add 10.1.0.${n}/24 dev eth0; ip -n n${n} link set eth0 up`,
        )
      }
      await outputOf(world, 'ip netns exec n1 ping -c 1 -W 1 10.1.0.3 && ip netns exec n2 ping -c 1 -W 1 10.1.0.254')
      const address = await outputOf(world, 'ip netns exec n3 cat /sys/class/net/eth0/address')
      expect(await outputOf(world, 'bridge fdb show br br0')).toContain(`${address} dev v3 master br0`)
      expect(await outputOf(world, 'ls /sys/class/net/br0/brif')).toBe('v1\nv2\nv3')
    },
  },
  {
    name: 'a namespace as router: nothing passes until `ip_forward` is 1',
    async run(world) {
      await outputOf(
        world,
        `${CABLE}; ip netns add net3
        ip link add veth3 netns net2 type veth peer name veth4 netns net3
        ip -n net2 addr add 10.0.1.1/24 dev veth3; ip -n net3 addr add 10.0.1.2/24 dev veth4
        ip -n net2 link set veth3 up; ip -n net3 link set veth4 up
        ip -n net1 route add default via 10.0.0.2; ip -n net3 route add default via 10.0.1.1`,
      )
      expect(await type(world, 'ip netns exec net1 ping -c 1 -W 0.3 10.0.1.2')).toMatchObject({ status: 1 })
      await outputOf(world, 'ip netns exec net2 sysctl -w net.ipv4.ip_forward=1')
      expect(await outputOf(world, 'ip netns exec net1 ping -c 1 -W 1 10.0.1.2')).toMatch(/ttl=63/)
    },
  },
  {
    name: 'sysctls of the network: `sysctl -w`, /proc/sys, each namespace its own; the start is the same everywhere',
    async run(world) {
      const names = 'net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.ipv4.conf.default.rp_filter'
      expect(await outputOf(world, `sysctl -n ${names}`)).toBe('0\n0\n0')
      expect(await outputOf(world, 'sysctl -w net.ipv4.ip_forward=1')).toBe('net.ipv4.ip_forward = 1')
      await outputOf(world, 'echo 2 > /proc/sys/net/ipv4/conf/all/rp_filter; ip netns add net1')
      expect(await outputOf(world, `sysctl -n ${names}`)).toBe('1\n2\n0')
      expect(await outputOf(world, 'ip netns exec net1 sysctl -n net.ipv4.conf.lo.rp_filter')).toMatch(/^\d$/)
      await outputOf(world, 'ip netns exec net1 sysctl -w net.ipv4.ip_forward=0')
      expect(await outputOf(world, 'sysctl -n net.ipv4.ip_forward')).toBe('1')
    },
  },
  {
    name: '`tcpdump` really captures: on the screen, into a file, in a namespace',
    async run(world) {
      await outputOf(world, CABLE)
      await outputOf(world, 'ip netns exec net2 tcpdump -nni veth2 -c 2 icmp >/tmp/seen 2>&1 & DUMP=$!')
      await eventually(async () => (await type(world, 'cat /tmp/seen')).output, /listening on veth2/)
      await outputOf(world, 'ip netns exec net1 ping -c 2 -i 0.2 -W 1 10.0.0.2')
      await outputOf(world, 'wait $DUMP')
      const seen = await outputOf(world, 'cat /tmp/seen')
      expect(seen).toMatch(
        /IP 10\.0\.0\.1 > 10\.0\.0\.2: ICMP echo request.*\n.*IP 10\.0\.0\.2 > 10\.0\.0\.1: ICMP echo reply/,
      )
      expect(seen).toMatch(/2 packets captured/)
      await outputOf(
        world,
        'tcpdump -Z root -U --immediate-mode -ni lo -c 1 -w /tmp/one.pcap icmp 2>/tmp/err & DUMP=$!',
      )
      await eventually(async () => (await type(world, 'cat /tmp/err')).output, /listening on lo/)
      await outputOf(world, 'ping -c 1 -W 1 127.0.0.1; wait $DUMP')
      expect(await outputOf(world, 'tcpdump -nr /tmp/one.pcap 2>/dev/null')).toMatch(
        /127\.0\.0\.1 > 127\.0\.0\.1: ICMP echo/,
      )
    },
  },
  {
    name: '`python3 -m http.server` and `curl`, across a cable',
    async run(world) {
      await outputOf(world, `${CABLE}; echo hello > /tmp/page`)
      await outputOf(world, 'ip netns exec net2 python3 -m http.server 80 --directory /tmp >/tmp/log 2>&1 &')
      await eventually(async () => (await type(world, 'cat /tmp/log')).output, /Serving HTTP/)
      expect(await outputOf(world, "ip netns exec net1 curl -s -w '%{http_code}' http://10.0.0.2/page")).toBe(
        'hello\n200',
      )
      expect(await outputOf(world, 'ip netns exec net2 ss -Hltn')).toMatch(/LISTEN .*(\*|0\.0\.0\.0):80 /)
      expect(await outputOf(world, 'cat /tmp/log')).toMatch(/10\.0\.0\.1 .*"GET \/page HTTP\/1\.1" 200/)
    },
  },
  {
    name: '`ip monitor`, `ss`, `ip neigh` and `ip rule` show this world only',
    async run(world) {
      await outputOf(world, CABLE)
      await outputOf(world, 'ip netns exec net1 ping -c 1 -W 1 10.0.0.2')
      expect(await outputOf(world, 'ip -n net1 neigh')).toMatch(
        /^10\.0\.0\.2 dev veth1 lladdr [0-9a-f:]{17} (REACHABLE|DELAY)$/,
      )
      expect(await outputOf(world, 'ip rule; ss -Hltn')).toMatch(/^0:\tfrom all lookup local\s*\n32766:.*\n32767:.*$/)
      const watch = await world.launch('main', 'ip monitor link', () => {})
      await outputOf(world, 'sleep 0.2; ip link add d0 type veth peer name d1; sleep 0.2')
      expect((await watch.end()).text).toMatch(/d0@d1/)
    },
  },
  {
    name: 'an address that a namespace knows by name: /etc/netns/NAME/resolv.conf',
    async run(world) {
      await outputOf(
        world,
        'ip netns add net1; mkdir -p /etc/netns/net1; echo "10.9.9.9 other" > /etc/netns/net1/hosts',
      )
      expect(await outputOf(world, 'ip netns exec net1 getent hosts other')).toMatch(/^10\.9\.9\.9\s+other$/)
      expect(await type(world, 'getent hosts other')).toMatchObject({ status: 2 })
    },
  },
  {
    name: 'an unknown name is told of at once: no DNS server is asked',
    async run(world) {
      const start = Date.now()
      expect(await type(world, 'ping -c 1 no-such-name.example')).toMatchObject({ status: 2, timedOut: false })
      await outputOf(world, 'iptables -A INPUT -s 10.11.12.13 -j DROP; iptables -L')
      expect(Date.now() - start).toBeLessThan(2000)
    },
  },
]
