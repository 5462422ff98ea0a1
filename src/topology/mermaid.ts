import { sanitize } from '../sanitize.ts'
import type { Change } from './changes.ts'
import { pictureTables } from './firewall.ts'
import { MARKS } from './marks.ts'
import type { Device, Network, Place } from './network.ts'
import { changeOf, type Subject } from './parts.ts'

/** A network as a Mermaid flowchart, which code hosts draw and the guide draws as text; what has changed is marked. */
export function toMermaid(network: Network, changes: readonly Change[] = []): string {
  const lines = ['flowchart TB']
  for (const place of network.places) lines.push(...placeLines(place, markOf(place.name, changes)))
  for (const { ends, up } of network.cables) {
    const [a, b] = ends.map(({ place, device }) => id(place, device))
    lines.push(up ? `  ${a} --- ${b}` : `  ${a} -.-|no link| ${b}`)
  }
  return `${lines.join('\n')}\n`
}

type Mark = (subject: Omit<Subject, 'place'>) => string

function markOf(place: string, changes: readonly Change[]): Mark {
  return (subject) => {
    const change = changeOf({ ...subject, place }, changes)
    return change ? `${MARKS[change.kind]} ` : ''
  }
}

function placeLines({ name, devices, firewall }: Place, mark: Mark): string[] {
  const nodes = devices.map((device) => `    ${node(name, device, mark({ device: device.name }))}`)
  const ports = devices
    .filter(({ master }) => master !== undefined)
    .map(
      ({ name: device, master, state }) =>
        `    ${id(name, device)} ${state === 'up' ? '---' : '-.-'} ${id(name, master!)}`,
    )
  const tables = pictureTables(firewall).map(({ table, lines }) => {
    const text = lines.flatMap(({ text: line, chain, rule }) => ruleLines(mark({ chain, rule }) + line))
    return `    ${id(name, `${table}-rules`)}["${[table, ...text].map(label).join('<br/>')}"]`
  })
  const inside = [...nodes, ...ports, ...tables]
  if (inside.length === 0) inside.push(`    ${id(name, 'lo')}["only lo"]`)
  return [`  subgraph ${id('place', name)}["${mark({})}${label(name)}"]`, ...inside, '  end']
}

function node(place: string, device: Device, mark: string): string {
  const state = device.state === 'up' ? '' : `<br/>${device.state === 'down' ? 'DOWN' : 'NO-CARRIER'}`
  const text = mark + [device.name, ...device.addresses].map(label).join('<br/>') + state
  const [open, close] = device.type === 'bridge' ? ['(("', '"))'] : ['["', '"]']
  return `${id(place, device.name)}${open}${text}${close}`
}

/** Device names may hold anything but blanks and slashes; a Mermaid id may not. */
function id(place: string, device: string): string {
  return `${place}_${device}`.replace(/[^A-Za-z0-9_]/g, (character) => `_${character.codePointAt(0)!.toString(16)}_`)
}

/** A rule whose box would not fit into 80 columns is broken before its target. */
function ruleLines(rule: string): string[] {
  return rule.length > LONGEST_RULE ? rule.split(/ (?=-j )/) : [rule]
}

const LONGEST_RULE = 72

function label(text: string): string {
  return sanitize(text)
    .replaceAll('\n', ' ')
    .replace(/[&"<>#;]/g, (character) => `#${character.codePointAt(0)};`)
}
