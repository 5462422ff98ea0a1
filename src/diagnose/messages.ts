import { deviceName } from '../checks/subjects.ts'
import type { Cause, Code, Diagnosis, Finding } from './finding.ts'
import { isIn } from './ipv4.ts'
import { listing, typed } from './look.ts'
import { dropText, excluded, nameOf, placeText, ruleText } from './phrases.ts'

/** What people are told of a finding, and the commands by which they see it themselves. */
export interface Words {
  readonly text: string
  readonly look: readonly string[]
}

/** The wording of diagnoses is here; what several have in common in phrases.ts. `outside` are the machines that commands are not typed into by `ip netns`. */
export function describe(finding: Finding, outside: readonly string[]): Words {
  const { text, look } = (MESSAGES[finding.code] as Message<Code>)(
    finding,
    nameOf(finding),
    placeText(finding.place, outside),
  )
  const way = finding.isAnswer && !IS_BACK.includes(finding.code) ? 'on the way back: ' : ''
  return { text: `${way}${text}`, look: look.map((command) => typed(finding.place, command, outside)) }
}

/** A whole diagnosis for people, a line each: the reason, where the packet was last, how to see it. */
export function inWords({ text, lastSeen, look }: Diagnosis): string {
  return [
    text,
    ...(lastSeen ? [`last seen on ${deviceName(lastSeen)}`] : []),
    ...(look.length > 0 ? [`see: ${look.join('; ')}`] : []),
  ].join('\n')
}

/** These speak of the answer themselves. */
const IS_BACK: readonly Code[] = ['no-way-back', 'wrong-answer']

type Message<C extends Code> = (
  finding: Finding<Extract<Cause, { code: C }>>,
  /** The device, as `net1/veth1`. */
  name: string,
  /** The place, as in a sentence. */
  place: string,
) => Words

const MESSAGES: { readonly [C in Code]: Message<C> } = {
  'unknown-name': ({ name }) => say(`the name ${name} is not known`, `getent hosts ${name}`),
  'no-device': ({ to }, _name, place) =>
    say(`${place} knows no way to ${to}: it has no network device but lo`, 'ip link'),
  'no-address': ({ isDown }, name, place) =>
    say(`${name || place} has no IPv4 address${isDown ? ', and is down' : ''}`, 'ip -br addr'),
  'link-down': ({ device }, name) => say(`${name} is down`, `ip link show ${device}`),
  'loopback-down': (_, _name, place) =>
    say(`lo of ${place} is down, by which a machine talks to itself`, 'ip link show lo'),
  'wrong-netmask': ({ device, address, other, holder, isTooLong }, name, place) =>
    say(
      isTooLong
        ? `${address} on ${name}: with this prefix length ${place} looks for ${other} in another network, but it is on the same cable, on ${deviceName(holder)}`
        : `${address} on ${name}: with this prefix length ${place} looks for ${other} on the same cable, but it is in another network, on ${deviceName(holder)}`,
      `ip addr show ${device}`,
    ),
  'no-route': ({ to, otherNetwork }, _name, place) =>
    say(
      `${place} knows no way to ${to}: it has no route that fits, and no default route${
        otherNetwork === undefined ? '' : ` (${to} is on the same cable, but in another network, ${otherNetwork})`
      }`,
      'ip route',
    ),
  detour: ({ device, to, holder, own, gateway, by }, name, place) =>
    say(
      `${to} is on the same cable as ${name}, on ${deviceName(holder)}, but ${
        own.length === 0
          ? `${name} has no IPv4 address`
          : own.some((one) => isIn(to, one))
            ? `${place} has no route to it there`
            : `the address of ${name} is of another network (${own.join(', ')})`
      }: so the packet leaves by ${by} for the gateway ${gateway}`,
      `ip route get ${to}`,
      `ip addr show ${device}`,
    ),
  'special-route': ({ to, route, isPolicy }, _name, place) =>
    isPolicy
      ? say(`${place} has a rule that says no to packets for ${to}: ${route}`, 'ip rule')
      : say(`${place} has a route that says no to packets for ${to}: ${route}`, 'ip route show table all'),
  broadcast: ({ device, to, own }, name, place) =>
    say(
      `${to} is the broadcast address of the network of ${own} on ${name}: for ${place} it is not one machine`,
      `ip addr show ${device}`,
    ),
  'refused-by-kernel': ({ to, command, words }, _name, place) =>
    say(`the kernel of ${place} refuses a packet for ${to}: ${words}`, command),
  'address-on-port': ({ device, bridge }, name) =>
    say(
      `${name} is a port of the bridge ${bridge}, but packets are routed by it: an address or a route belongs to ${bridge}, not to its port`,
      `ip addr show ${device}`,
    ),
  'no-carrier': ({ device, ports }, name) =>
    say(
      ports === undefined
        ? `${name} has no carrier: its other end is down`
        : ports.length === 0
          ? `the bridge ${name} has no port`
          : `no port of the bridge ${name} has a carrier`,
      `ip link show ${device}`,
    ),
  'bridge-down': ({ device }, name) => say(`the bridge ${name} is down`, `ip link show ${device}`),
  'port-down': ({ device, bridge }, name) =>
    say(`${name}, a port of the bridge ${bridge}, is down`, `ip link show ${device}`),
  'port-blocked': ({ bridge, state }, name) =>
    say(`${name}, a port of the bridge ${bridge}, does not forward: its state is ${state}`, `bridge link`),
  'port-isolated': ({ bridge, other }, name) =>
    say(`the bridge ${bridge} passes nothing between ${name} and ${other}: both are isolated ports`, `bridge -d link`),
  'not-attached': ({ bridge }, name) =>
    say(`${name} is not a port of the bridge ${bridge}, nor of another one`, `bridge link`),
  'other-bridge': ({ bridge, wanted, port }) =>
    say(`${port} is a port of the bridge ${bridge}, and the destination is at the bridge ${wanted}`, `bridge link`),
  'no-hairpin': ({ device, bridge, packet }, name) =>
    say(
      `${packet} came into the bridge ${bridge} by ${name} and would have to leave by the same port: a bridge does that only if the port’s hairpin mode is on`,
      `bridge -d link show dev ${device}`,
    ),
  'wrong-gateway': ({ gateway, candidates }, name) =>
    say(
      `the route goes by the gateway ${gateway}, but nobody at ${name} has that address${
        candidates.length === 0 ? '' : ` (a router there has ${candidates.join(', ')})`
      }`,
      'ip route',
      `ip neigh show ${gateway}`,
    ),
  'arp-unanswered': ({ device, address, holder, isThere }, name) =>
    say(
      `nobody at ${name} answers ARP for ${address}: ${
        holder === undefined
          ? 'no device has that address'
          : `${deviceName(holder)} has it, ${isThere ? 'and why it does not answer is not known' : 'but no cable or bridge connects the two'}`
      }`,
      `ip neigh show ${address}`,
      `tcpdump -ni ${device} arp`,
    ),
  'arp-dropped': ({ rule, address }, name) =>
    say(`ARP for ${address} is dropped at ${name} by ${ruleText(rule)}`, listing(rule)),
  'arp-ignored': ({ device, address, value }, name) =>
    say(
      `${name} does not answer ARP for ${address}: arp_ignore is ${value}`,
      `sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.${device}.arp_ignore`,
    ),
  'duplicate-address': ({ address, holders }) =>
    say(
      `${address} is there more than once: ${holders.map(deviceName).join(' and ')} have it`,
      `ip neigh show ${address}`,
    ),
  'duplicate-mac': ({ mac, holders }) =>
    say(`the MAC address ${mac} is there more than once: ${holders.map(deviceName).join(' and ')} have it`, 'ip link'),
  'wrong-neighbour': ({ device, address, mac, state }, name) =>
    say(
      `${name} sends packets for ${address} to ${mac}, which is not its MAC address (${state})`,
      `ip neigh show dev ${device}`,
    ),
  'too-big': ({ device, size, mtu, isTold }, name) =>
    say(
      `a packet of ${size} bytes is too big for ${name}, whose MTU is ${mtu}${
        isTold ? ', and it may not be cut into fragments' : ': it is dropped without a word'
      }`,
      `ip link show ${device}`,
    ),
  'rule-drop': ({ rule, packet }, name) => say(dropText(rule, packet, name, 'dropped'), listing(rule)),
  'rule-reject': ({ rule, packet }, name) => say(dropText(rule, packet, name, 'rejected'), listing(rule)),
  'policy-drop': ({ rule, packet }, name) => say(dropText(rule, packet, name, 'dropped'), listing(rule)),
  martian: ({ device, address, isOwn }, name, place) =>
    isOwn
      ? say(
          `${place} takes no packet that comes in by ${name} from ${address}, because that is its own address`,
          `ip addr`,
        )
      : say(
          `${place} takes no packet with ${address} on ${name}: such addresses stay on lo (route_localnet is 0)`,
          `sysctl net.ipv4.conf.${device}.route_localnet`,
        ),
  'rp-filter': ({ device, source, mode, back }, name, place) =>
    say(
      `the reverse-path filter of ${name} (rp_filter is ${mode}) drops packets from ${source}: ${place} would answer ${
        back === undefined ? 'by no device' : `by ${back}`
      }`,
      `sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.${device}.rp_filter`,
      `ip route get ${source}`,
    ),
  'forwarding-off': ({ to }, _name, place) =>
    say(`${place} is no router: the packet is for ${to}, and ip_forward is 0`, 'sysctl net.ipv4.ip_forward'),
  loop: ({ to }, _name, place) => say(`a packet from ${place} for ${to} goes round in circles`, `ip route get ${to}`),
  'echo-ignored': (_, _name, place) =>
    say(`${place} does not answer ping: icmp_echo_ignore_all is 1`, 'sysctl net.ipv4.icmp_echo_ignore_all'),
  'dnat-skipped': ({ rule, port, isOwn, leading, device }, _name, place) =>
    say(
      `${ruleText(rule)} is not for this packet: ${
        isOwn
          ? leading
            ? `it was made by ${place} itself, and ${ruleText(leading)}, which leads there, does not take it`
            : `it was made by ${place} itself, and such packets pass OUTPUT, not PREROUTING`
          : `it came in by ${device}`
      }; and nobody listens on port ${port} of ${place}`,
      listing(rule),
      'iptables -t nat -S OUTPUT',
    ),
  'bound-elsewhere': ({ port, addresses, to }, _name, place) =>
    say(`who listens on port ${port} of ${place} does so at ${addresses.join(', ')} only, not at ${to}`, `ss -ltn`),
  'not-listening': ({ port }, _name, place) => say(`nobody listens on port ${port} of ${place}`, `ss -ltn`),
  'no-way-back': ({ to, router }, _name, place) =>
    say(
      `${place} got the packet, but has no route back to ${to}, and no default route${
        router === undefined ? '' : `; the packet left ${deviceName(router)} with that source address, untranslated`
      }`,
      `ip route get ${to}`,
    ),
  'wrong-answer': ({ expected, seen }, _name, place) =>
    say(
      `the answer came back to ${place} from ${seen}, not from ${expected}: it did not pass the place that translated the question`,
      'conntrack -L',
    ),
  'cannot-follow': ({ device, kind }, name) =>
    say(`what is behind ${name} (${kind}) cannot be seen from here`, `ip -d link show ${device}`),
  lost: ({ unread, device }, name) =>
    say(`the packet did not come to ${name}, and why is not known. ${excluded(unread)}`, `tcpdump -ni ${device}`),
  answered: () => say('labrun has sent a packet of the same kind just now, and it was answered'),
  'nothing-found': ({ unread }) =>
    say(`no reason was found on the whole way there and back. ${excluded(unread)}`, 'tcpdump -ni any'),
}

function say(text: string, ...look: readonly string[]): Words {
  return { text, look }
}
