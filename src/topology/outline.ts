import { painter } from '../paint.ts'
import { wrapText } from '../prose/text.ts'
import { padTo, textWidth } from '../prose/text-width.ts'
import { sanitize } from '../sanitize.ts'
import type { Change } from './changes.ts'
import { MARKS, paintAs } from './marks.ts'
import type { CableEnd, Device, Network, Place } from './network.ts'

interface OutlineOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
  readonly changes: readonly Change[]
  /** Lines at most: where there are more, machines and namespaces without a change are only named. */
  readonly lines: number
}

/**
 * A network with one line for each device: its addresses, and what its cable leads to. Ports stand below their bridge. A
 * machine or namespace with one device alone is told where its cable begins.
 */
export function outline(network: Network, options: OutlineOptions): string[] {
  const all = network.places
    .filter((place) => !isTail(place, network))
    .map((place) => ({ place, lines: placeLines(place, network, options) }))
  const whole = all.flatMap(({ lines }) => lines)
  const changed = all.filter(({ place }) => hasChanged(place, network, options.changes))
  if (whole.length <= options.lines || changed.length === 0 || changed.length === all.length) return whole
  const rest = all.filter((one) => !changed.includes(one)).map(({ place }) => sanitize(place.name))
  const told = wrapText(`  as before: ${rest.join(', ')}`, options.width)
  return [...changed.flatMap(({ lines }) => lines), painter(options.colour).dim(told)]
}

/** One device, and a cable to a place that is drawn with its own devices; of two with one each the first is drawn. */
function isTail(place: Place, network: Network): boolean {
  const [device] = place.devices
  if (!device || !isSmall(place)) return false
  const far = farEnd({ place: place.name, device: device.name }, network)?.end
  const index = network.places.findIndex(({ name }) => name === far?.place)
  return index >= 0 && (index < network.places.indexOf(place) || !isSmall(network.places[index]!))
}

function isSmall({ devices, nat }: Place): boolean {
  return devices.length < 2 && nat.length === 0
}

function farEnd({ place, device }: CableEnd, { cables }: Network): { end: CableEnd; up: boolean } | undefined {
  for (const { ends, up } of cables) {
    const near = ends.findIndex((end) => end.place === place && end.device === device)
    if (near >= 0) return { end: ends[1 - near]!, up }
  }
  return undefined
}

function hasChanged(place: Place, network: Network, changes: readonly Change[]): boolean {
  const tails = place.devices.map(({ name }) => farEnd({ place: place.name, device: name }, network)?.end.place)
  const told = [
    place.name,
    ...tails.filter((name) => network.places.some((one) => one.name === name && isTail(one, network))),
  ]
  return changes.some((change) => told.includes(change.place))
}

interface Row {
  readonly name: string
  readonly text: string
  readonly changes: readonly (Change | undefined)[]
}

function placeLines(place: Place, network: Network, options: OutlineOptions): string[] {
  const { width, colour, changes } = options
  const rows = [
    ...withPorts(place.devices).map(([bough, device]) => deviceRow(place, bough, device, network, changes)),
    ...place.nat.map((rule, index) => natRow(place, rule, index === 0, changes)),
  ]
  const self = changeOf(place.name, undefined, changes)
  const title = `  ${mark(self)}${sanitize(place.name)}`
  const column = Math.min(Math.max(...rows.map(({ name }) => textWidth(name))), Math.floor(width / 3)) + 4
  return [
    paintBy([self], painter(colour).bold(rows.length === 0 ? `${title}: only lo` : title), colour),
    ...rows.flatMap(({ name, text, changes: own }) => {
      const room = width - column - 2
      const lines = wrapText(text, room).split('\n')
      const head = padTo(`    ${name}`, column)
      return lines.map((line, index) =>
        paintBy(own, `${index === 0 ? head : ' '.repeat(column + 2)}  ${line}`.trimEnd(), colour),
      )
    }),
  ]
}

/** Each bridge is followed by its ports. */
function withPorts(devices: readonly Device[]): [bough: string, device: Device][] {
  const isPort = ({ master }: Device) => devices.some(({ name }) => name === master)
  return devices
    .filter((device) => !isPort(device))
    .flatMap((device) => {
      const ports = devices.filter(({ master }) => master === device.name)
      return [
        ['', device] as [string, Device],
        ...ports.map((port, index): [string, Device] => [index === ports.length - 1 ? '└ ' : '├ ', port]),
      ]
    })
}

function deviceRow(
  { name: place }: Place,
  bough: string,
  device: Device,
  network: Network,
  changes: readonly Change[],
): Row {
  const own = changeOf(place, device.name, changes)
  const far = farEnd({ place, device: device.name }, network)
  const tail = far && network.places.find((one) => one.name === far.end.place && isTail(one, network))
  const there = tail && (changeOf(tail.name, undefined, changes) ?? changeOf(tail.name, far.end.device, changes))
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

function natRow({ name: place }: Place, rule: string, isFirst: boolean, changes: readonly Change[]): Row {
  const change = changeOf(place, 'nat', changes, rule)
  return { name: isFirst ? 'nat' : '', text: `${mark(change)}${sanitize(rule)}`, changes: [change] }
}

function changeOf(
  place: string,
  device: string | undefined,
  changes: readonly Change[],
  rule?: string,
): Change | undefined {
  return changes.find((one) => one.place === place && one.device === device && one.rule === rule && one.kind !== 'gone')
}

function mark(change: Change | undefined): string {
  return change && change.kind !== 'gone' ? `${MARKS[change.kind]} ` : ''
}

/** In the colour of the first of these changes that there is. */
function paintBy(changes: readonly (Change | undefined)[], text: string, colour: boolean): string {
  const change = changes.find((one) => one !== undefined)
  return change ? paintAs(change.kind, text, colour) : text
}
