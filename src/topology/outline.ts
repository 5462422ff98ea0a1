import { painter } from '../paint.ts'
import { wrapText } from '../prose/text.ts'
import { padTo, textWidth } from '../prose/text-width.ts'
import { sanitize } from '../sanitize.ts'
import type { Change } from './changes.ts'
import { type Chain, titleOf } from './firewall.ts'
import { MARKS, paintAs } from './marks.ts'
import type { Device, Network, Place } from './network.ts'
import { changedChains, changeOf, farEnd, hasChanged, type Seen, tailOf, toldPlaces, withPorts } from './parts.ts'

interface OutlineOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
  readonly changes: readonly Change[]
  /** Lines at most: where there are more, machines, namespaces and chains without a change are only named. */
  readonly lines: number
}

/**
 * A network with one line for each device: its addresses, and what its cable leads to. Ports stand below their bridge, and
 * the chains of the firewall with their rules below the devices. A machine or namespace with one device alone is told where
 * its cable begins.
 */
export function outline(network: Network, options: OutlineOptions): string[] {
  const { width, colour, changes, lines } = options
  const all = toldPlaces(network)
  const changed = all.filter((place) => hasChanged(place, network, changes))
  const whole = all.flatMap((place) => placeLines(place, place.firewall, network, options))
  if (whole.length <= lines || changed.length === 0) return whole
  const rest = all.filter((one) => !changed.includes(one)).map(({ name }) => name)
  const named = rest.length === 0 ? [] : asBefore('  ', rest, width, colour)
  const some = changed.flatMap((place) => placeLines(place, place.firewall, network, options))
  if (some.length + named.length <= lines) return [...some, ...named]
  const short = changed.flatMap((place) => {
    const chains = changedChains(place, changes)
    const others = place.firewall.filter((chain) => !chains.includes(chain)).map(titleOf)
    const own = placeLines(place, chains, network, options)
    return others.length === 0 ? own : [...own, ...asBefore('    ', others, width, colour)]
  })
  return [...short, ...named]
}

function asBefore(indent: string, names: readonly string[], width: number, colour: boolean): string[] {
  const told = wrapText(`${indent}as before: ${names.map(sanitize).join(', ')}`, width)
  return told.split('\n').map((line) => painter(colour).dim(line))
}

interface Row {
  readonly name: string
  readonly text: string
  readonly changes: readonly (Change | undefined)[]
}

function placeLines(place: Place, chains: readonly Chain[], network: Network, options: OutlineOptions): string[] {
  const { width, colour, changes } = options
  const rows = withPorts(place.devices).map(([device, port]) =>
    deviceRow(place, { no: '', yes: '├ ', last: '└ ' }[port], device, network, changes),
  )
  const self = changeOf({ place: place.name }, changes)
  const title = `  ${mark(self)}${sanitize(place.name)}`
  const column = Math.min(Math.max(...rows.map(({ name }) => textWidth(name))), Math.floor(width / 3)) + 4
  return [
    paintBy([self], painter(colour).bold(rows.length === 0 ? `${title}: only lo` : title), colour),
    ...rows.flatMap(({ name, text, changes: own }) => {
      const lines = wrapText(text, width - column - 2).split('\n')
      const head = padTo(`    ${name}`, column)
      return lines.map((line, index) =>
        paintBy(own, `${index === 0 ? head : ' '.repeat(column + 2)}  ${line}`.trimEnd(), colour),
      )
    }),
    ...chains.flatMap((chain) => chainLines(place, chain, options)),
  ]
}

function deviceRow(
  { name: place }: Place,
  bough: string,
  device: Device,
  network: Network,
  changes: readonly Change[],
): Row {
  const own = changeOf({ place, device: device.name }, changes)
  const near = { place, device: device.name }
  const far = farEnd(near, network)
  const tail = tailOf(near, network)
  const there = tail && (changeOf({ place: tail.name }, changes) ?? changeOf(far!.end, changes))
  const leads = far
    ? [
        far.up ? '───' : '┄ no link ┄',
        `${mark(there)}${far.end.place === place ? '' : `${sanitize(far.end.place)}/`}${sanitize(far.end.device)}`,
        ...(tail ? tail.devices.flatMap(describe) : []),
      ]
    : []
  return {
    name: `${bough}${mark(own)}${sanitize(device.name)}`,
    text: [...describe(device), ...leads].join(' '),
    changes: [own, there],
  }
}

function describe({ addresses, state }: Device): string[] {
  const words = { up: [], down: ['DOWN'], 'no-carrier': ['NO-CARRIER'] }[state]
  return [...addresses.map((address) => sanitize(address)), ...words]
}

/** The chain, and below it its rules with their numbers; a mark stands before these, so that they stay in one column. */
function chainLines({ name: place }: Place, chain: Chain, { width, colour, changes }: OutlineOptions): string[] {
  const title = titleOf(chain)
  const own = changeOf({ place, chain: title }, changes)
  const policy = chain.policy === undefined || chain.policy === 'ACCEPT' ? '' : `, policy ${chain.policy}`
  const empty = chain.policy === undefined && chain.rules.length === 0 ? ': empty' : ''
  const rules = chain.rules.flatMap((rule, index) => {
    const change = changeOf({ place, chain: title, rule: index + 1 }, changes)
    const head = `    ${mark(change).padEnd(2)}${index + 1} `
    return wrapText(sanitize(rule), width - head.length)
      .split('\n')
      .map((line, row) => paintBy([change], (row === 0 ? head : ' '.repeat(head.length)) + line, colour))
  })
  const head = wrapText(`    ${mark(own)}${sanitize(title)}${policy}${empty}`, width).split('\n')
  return [...head.map((line) => paintBy([own], line, colour)), ...rules]
}

function mark(change: Seen | undefined): string {
  return change ? `${MARKS[change.kind]} ` : ''
}

/** In the colour of the first of these changes that there is. */
function paintBy(changes: readonly (Change | undefined)[], text: string, colour: boolean): string {
  const change = changes.find((one) => one !== undefined)
  return change ? paintAs(change.kind, text, colour) : text
}
