import { sanitize } from '../sanitize.ts'
import { pictureTables } from './firewall.ts'
import type { Cable, Device, Network, Place } from './network.ts'

const LINE = 16
const PAD = 12
const WIDTH = 210
const GAP = 130
const PORT = 18

/** The middle of a device's left and right edge. */
interface Spot {
  readonly left: number
  readonly right: number
  readonly y: number
}

interface Column {
  readonly parts: string[]
  y: number
}

/**
 * A network as a picture of its own: the student's machine on the left, all others on the right in the order of their
 * cables, which are lines between devices. Ports stand under their bridge, to the right. A page that it is put into may
 * give it other colours by its classes.
 */
export function toSvg(network: Network): string {
  const spots = new Map<string, Spot>()
  const columns = [
    { parts: [], y: PAD },
    { parts: [], y: PAD },
  ] as const satisfies Column[]
  const [host, ...others] = network.places
  if (host) drawPlace(host, PAD, columns[0], spots)
  for (const place of inOrderOfCables(others, network, spots)) drawPlace(place, PAD + WIDTH + GAP, columns[1], spots)
  const cables = network.cables.flatMap(({ ends, up }) => {
    const [a, b] = ends.map(({ place, device }) => spots.get(`${place}/${device}`))
    return a && b ? [drawCable(a, b, up)] : []
  })
  const height = Math.max(...columns.map(({ y }) => y))
  // A cable between two devices on the right goes around them.
  const width = PAD * 2 + WIDTH * 2 + GAP + (network.cables.some((cable) => isOnTheRight(cable, network)) ? GAP / 2 : 0)
  const size = `viewBox="0 0 ${width} ${height}" width="${width}"`
  const parts = [...columns.flatMap((column) => column.parts), ...cables]
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">\n${parts.join('\n')}\n</svg>\n`
}

function drawPlace(place: Place, x: number, column: Column, spots: Map<string, Spot>): void {
  const top = column.y
  const parts: string[] = []
  let y = top + LINE + PAD
  let elbowFrom = y
  for (const device of bridgesFirst(place.devices)) {
    const text = [device.name, ...device.addresses, ...(device.state === 'up' ? [] : [device.state.toUpperCase()])]
    const height = text.length * LINE + 8
    const left = x + PAD + (device.master === undefined ? 0 : PORT)
    const right = x + WIDTH - PAD
    const colour = device.state === 'up' ? '#2a7' : '#c33'
    const look = device.state === 'up' ? 'device' : 'device down'
    const round = device.type === 'bridge' ? 14 : 3
    parts.push(
      `<rect class="${look}" x="${left}" y="${y}" width="${right - left}" height="${height}" rx="${round}" fill="#fff" stroke="${colour}"/>`,
    )
    parts.push(...text.map((line, index) => textAt(left + 8, y + LINE * (index + 1), line)))
    if (device.master !== undefined) {
      const elbow = `M${x + PAD + PORT / 2} ${elbowFrom} V${y + height / 2} H${left}`
      parts.push(
        `<path class="${look === 'device' ? 'cable' : 'broken'}" d="${elbow}" fill="none" stroke="${colour}"/>`,
      )
    }
    spots.set(`${place.name}/${device.name}`, { left, right, y: y + height / 2 })
    elbowFrom = device.master === undefined ? y + height : y + height / 2
    y += height + 8
  }
  const rules = pictureTables(place.firewall).flatMap(({ table, lines }) => lines.map(({ text }) => `${table} ${text}`))
  for (const line of rules.flatMap((rule) => rule.match(/.{1,26}(?:\s|$)/g) ?? [rule])) {
    y += LINE
    parts.push(textAt(x + PAD, y, line.trim()))
  }
  const height = y + PAD - top
  const fill = place.outside ? '#eef' : '#f6f6f0'
  column.parts.push(
    `<rect class="${place.outside ? 'place outside' : 'place'}" x="${x}" y="${top}" width="${WIDTH}" height="${height}" rx="6" fill="${fill}" stroke="#888"/>`,
    `<text x="${x + PAD}" y="${top + LINE + 2}" font-weight="bold" fill="#222">${escapeXml(place.name)}</text>`,
    ...parts,
  )
  column.y = top + height + PAD
}

/** Each bridge, followed by its ports; then all else. */
function bridgesFirst(devices: readonly Device[]): Device[] {
  const bridges = devices.filter(({ type }) => type === 'bridge')
  const grouped = bridges.flatMap((bridge) => [bridge, ...devices.filter(({ master }) => master === bridge.name)])
  return [...grouped, ...devices.filter((device) => !grouped.includes(device))]
}

function inOrderOfCables(places: readonly Place[], { cables }: Network, spots: ReadonlyMap<string, Spot>): Place[] {
  const height = ({ name }: Place) => {
    const ends = cables.flatMap(({ ends: [a, b] }) => (a.place === name ? [b] : b.place === name ? [a] : []))
    return Math.min(...ends.map(({ place, device }) => spots.get(`${place}/${device}`)?.y ?? Infinity))
  }
  return places.toSorted((a, b) => (height(a) === height(b) ? 0 : height(a) - height(b)))
}

function isOnTheRight({ ends }: Cable, { places }: Network): boolean {
  return ends.every(({ place }) => place !== places[0]?.name)
}

function drawCable(a: Spot, b: Spot, up: boolean): string {
  const [first, second] = a.left <= b.left ? [a, b] : [b, a]
  const sameColumn = Math.abs(a.left - b.left) <= PORT
  const end = sameColumn ? second.right : second.left
  const bend = GAP / 2
  const curve = `M${first.right} ${first.y} C${first.right + bend} ${first.y} ${end + (sameColumn ? bend : -bend)} ${second.y} ${end} ${second.y}`
  const style = up
    ? 'class="cable" stroke="#2a7" stroke-width="2"'
    : 'class="broken" stroke="#c33" stroke-width="2" stroke-dasharray="6 4"'
  return `<path d="${curve}" fill="none" ${style}/>`
}

function textAt(x: number, y: number, text: string): string {
  return `<text x="${x}" y="${y}" fill="#222">${escapeXml(text)}</text>`
}

function escapeXml(text: string): string {
  return sanitize(text).replace(
    /[&<>"'\u0000-\u001f]/g,
    (character) => `&#${character < ' ' ? 0xfffd : character.codePointAt(0)};`,
  )
}
