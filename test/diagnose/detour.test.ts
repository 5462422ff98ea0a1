import { describe } from 'vitest'
import { findsAll } from './case.ts'
import { DOCKER, serve } from './networks.ts'

/** What the bridge of the host has for an address instead of 172.17.0.1/16. */
const readdress = (address: string) =>
  `ip addr flush dev docker0; ip addr add ${address} dev docker0; ip route get 172.17.0.2 | grep -q 'via 192.168.0.2'`

describe('a host with a default route, and a bridge whose network it does not know', () =>
  findsAll([
    {
      name: 'the prefix length of the bridge is 32',
      lan: true,
      network: DOCKER,
      fault: readdress('172.17.0.1/32'),
      question: 'host -> 172.17.0.2',
      finds: { code: 'wrong-netmask', place: 'host', device: 'docker0', isAnswer: false },
      text: /^172\.17\.0\.1\/32 on docker0: .* looks for 172\.17\.0\.2\/16 in another network, but it is on the same cable, on c2\/eth0$/,
      look: 'ip addr show docker0',
    },
    {
      name: 'the prefix length of the bridge is 32, and the answer comes as far as the host',
      lan: true,
      network: DOCKER,
      fault: readdress('172.17.0.1/32'),
      question: 'c2 -> 192.168.0.2',
      finds: { code: 'wrong-netmask', place: 'host', device: 'docker0', isAnswer: true },
      text: /^on the way back: 172\.17\.0\.1\/32/,
    },
    {
      name: 'the container pings its gateway',
      lan: true,
      network: DOCKER,
      fault: readdress('172.17.0.1/32'),
      question: 'c2 -> 172.17.0.1',
      finds: { code: 'wrong-netmask', place: 'host', device: 'docker0', isAnswer: true },
    },
    {
      name: 'the bridge has an address of another network',
      lan: true,
      network: DOCKER,
      fault: readdress('172.71.0.1/16'),
      question: 'host -> 172.17.0.2',
      finds: { code: 'detour', place: 'host', device: 'docker0', isAnswer: false },
      text: /^172\.17\.0\.2 is on the same cable as docker0, on c2\/eth0, but the address of docker0 is of another network \(172\.71\.0\.1\/16\): so the packet leaves by ens33 for the gateway 192\.168\.0\.2$/,
      look: 'ip route get 172.17.0.2',
    },
    {
      name: 'the bridge has an address of another network, and somebody comes from outside',
      lan: true,
      network: `${DOCKER}\n${serve('c2', 80)}`,
      fault: readdress('172.71.0.1/16'),
      question: 'client -> 192.168.0.10:8000',
      finds: { code: 'detour', place: 'host', device: 'docker0', isAnswer: false },
    },
    {
      name: 'the bridge has no address',
      lan: true,
      network: DOCKER,
      fault: 'ip addr flush dev docker0',
      question: 'host -> 172.17.0.2',
      finds: { code: 'detour', place: 'host', device: 'docker0' },
      text: /docker0 has no IPv4 address/,
    },
    {
      name: 'the route by the bridge was taken away',
      lan: true,
      network: DOCKER,
      fault: 'ip route del 172.17.0.0/16',
      question: 'host -> 172.17.0.3',
      finds: { code: 'detour', place: 'host', device: 'docker0' },
      text: /the host has no route to it there/,
    },
    {
      name: 'the bridge is down, and so its route is gone',
      lan: true,
      network: DOCKER,
      fault: 'ip link set docker0 down',
      question: 'host -> 172.17.0.2',
      finds: { code: 'bridge-down', place: 'host', device: 'docker0' },
    },
  ]))
