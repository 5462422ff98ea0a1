/** The text of a lab to begin with: small, real, and proven as it is. */
export function skeleton(title: string, world: 'isolated' | 'lan'): string {
  const front = ['---', 'labrun: 1', ...(world === 'lan' ? [`world: ${world}`] : []), '---'].join('\n')
  return `${front}\n\n# ${title.replace(/\s+/g, ' ').trim()}\n\n${INTRO}\n${world === 'lan' ? LAN : ISOLATED}\n${END}`
}

const INTRO = `<!--
This lab works as it is: try \`labrun verify\` on it, then change it step by step.
Only you see these comments. The author's guide of labrun (labs/README.md) has all the rest.
-->

Begin with a question that a reader has met and cannot answer yet. Two or three sentences are enough.
`

const ISOLATED = `## Make a room

<!-- step: make -->

<!-- One idea in one step. What is typed, what comes out, and what it means. -->

A network namespace is a room with a network of its own. Make one, switch its loopback device on, and look:

\`\`\`sh
ip netns add box
ip -n box link set lo up
ip -n box -br link
\`\`\`

<!-- \`<*>\` stands for anything. \`labrun update\` writes the output of a block for you. -->

\`\`\`output
lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP>
\`\`\`

**Before you press Enter:** how long does a packet take that never leaves the room?

\`\`\`console
# ip netns exec box ping -c 1 127.0.0.1
...
1 packets transmitted, 1 received, 0% packet loss, time <int>ms
...
\`\`\`

<!-- A check fails before its step and holds after it. \`why\` helps the one whose check has failed. -->

\`\`\`yaml check
- netns: box
- ping: box -> 127.0.0.1
  why: With lo up, the room has 127.0.0.1 and a route to it.
\`\`\`

\`\`\`yaml question
ask: How many network devices does a new room have?
answer: 1
why: It has a loopback device of its own, and nothing else.
\`\`\`

<details><summary>Hint</summary>

Did you forget \`-n box\`? Look at \`ip -n box -br link\`.

</details>
`

const LAN = `## Take a second address

<!-- step: address -->

<!-- One idea in one step. What is typed, what comes out, and what it means. -->

Your machine is \`host\`, with the address 192.168.0.10. A machine can have more than one. Take another, and look:

\`\`\`sh
ip addr add 192.168.0.77/24 dev ens33
ip -br -4 addr show ens33
\`\`\`

<!-- \`<*>\` stands for anything. \`labrun update\` writes the output of a block for you. -->

\`\`\`output
ens33<*> UP 192.168.0.10/24 192.168.0.77/24
\`\`\`

**Before you press Enter:** nobody has told the others of the new address. Will \`client\` find it?

\`\`\`console terminal=client
# ping -c 1 192.168.0.77
...
1 packets transmitted, 1 received, 0% packet loss, time <int>ms
...
\`\`\`

<!-- A check fails before its step and holds after it. \`why\` helps the one whose check has failed. -->

\`\`\`yaml check
- addr: ens33
  has: 192.168.0.77/24
- ping: client -> 192.168.0.77
  why: The client asks the whole network who has the address, and the host answers.
\`\`\`

\`\`\`yaml question
ask: By which protocol does the client find out where 192.168.0.77 is?
answer: ARP
why: ARP asks everybody in the network, and the one who has the address answers.
\`\`\`

<details><summary>Hint</summary>

The address belongs on the device that is in the network. Look at \`ip -br addr\`.

</details>
`

const END = `## Why it works

Say here what the kernel does, in the order in which it does it. A section without commands is only read.

## Explore further

- Two or three things to try that have no solution in the lab.
`
