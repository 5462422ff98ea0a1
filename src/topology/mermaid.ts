import type { Device, Network, Place } from './network.ts'

/** A network as a Mermaid flowchart, which code hosts draw and the guide draws as text. */
export function toMermaid(network: Network): string {
  const lines = ['flowchart TB']
  for (const place of network.places) lines.push(...placeLines(place))
  for (const { ends, up } of network.cables) {
    const [a, b] = ends.map(({ place, device }) => id(place, device))
    lines.push(up ? `  ${a} --- ${b}` : `  ${a} -.-|no link| ${b}`)
  }
  return `${lines.join('\n')}\n`
}

function placeLines({ name, devices, nat }: Place): string[] {
  const nodes = devices.map((device) => `    ${node(name, device)}`)
  const ports = devices
    .filter(({ master }) => master !== undefined)
    .map(
      ({ name: device, master, state }) =>
        `    ${id(name, device)} ${state === 'up' ? '---' : '-.-'} ${id(name, master!)}`,
    )
  const rules = nat.length > 0 ? [`    ${id(name, 'nat-rules')}["nat<br/>${nat.map(label).join('<br/>')}"]`] : []
  return [`  subgraph ${id('place', name)}["${label(name)}"]`, ...nodes, ...ports, ...rules, '  end']
}

function node(place: string, device: Device): string {
  const state = device.state === 'up' ? '' : `<br/>${device.state === 'down' ? 'DOWN' : 'NO-CARRIER'}`
  const text = [device.name, ...device.addresses].map(label).join('<br/>') + state
  const [open, close] = device.type === 'bridge' ? ['(("', '"))'] : ['["', '"]']
  return `${id(place, device.name)}${open}${text}${close}`
}

/** Device names may hold anything but blanks and slashes; a Mermaid id may not. */
function id(place: string, device: string): string {
  return `${place}_${device}`.replace(/[^A-Za-z0-9_]/g, (character) => `_${character.codePointAt(0)!.toString(16)}_`)
}

function label(text: string): string {
  return text.replace(/[&"<>#;]/g, (character) => `#${character.codePointAt(0)};`)
}
