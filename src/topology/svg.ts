import type { Device, Network, Place } from './network.ts'

const LINE = 16
const PAD = 12
const WIDTH = 190
const GAP = 60

interface Spot {
  readonly x: number
  readonly y: number
}

/** A network as a picture of its own: machines side by side, the student's first, cables as lines between devices. */
export function toSvg(network: Network): string {
  const spots = new Map<string, Spot>()
  const boxes: string[] = []
  let x = PAD
  let height = 0
  for (const place of network.places) {
    const box = drawPlace(place, x, spots)
    boxes.push(box.svg)
    height = Math.max(height, box.height)
    x += WIDTH + GAP
  }
  const lines = network.cables.map(({ ends, up }) => {
    const [a, b] = ends.map(({ place, device }) => spots.get(`${place}/${device}`)!) as [Spot, Spot]
    const style = up ? 'stroke="#2a7" stroke-width="2"' : 'stroke="#c33" stroke-width="2" stroke-dasharray="6 4"'
    const bend = Math.abs(a.x - b.x) < 1 ? 40 : 0
    return `<path d="M${a.x} ${a.y} C${a.x + bend + 30} ${a.y + 30} ${b.x + bend - 30} ${b.y + 30} ${b.x} ${b.y}" fill="none" ${style}/>`
  })
  const size = `viewBox="0 0 ${x - GAP + PAD} ${height + PAD * 2}"`
  const style = 'font-family="sans-serif" font-size="12"'
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style}>\n${[...boxes, ...lines].join('\n')}\n</svg>\n`
}

function drawPlace(place: Place, x: number, spots: Map<string, Spot>): { svg: string; height: number } {
  const parts: string[] = []
  let y = PAD + LINE * 2
  for (const device of place.devices) {
    const text = deviceLines(device)
    const height = text.length * LINE + 8
    const colour = device.state === 'up' ? '#2a7' : '#c33'
    const round = device.type === 'bridge' ? 14 : 3
    parts.push(
      `<rect x="${x + PAD}" y="${y}" width="${WIDTH - PAD * 2}" height="${height}" rx="${round}" fill="#fff" stroke="${colour}"/>`,
    )
    parts.push(...text.map((line, index) => textAt(x + PAD + 8, y + LINE * (index + 1), line)))
    spots.set(`${place.name}/${device.name}`, { x: x + WIDTH / 2, y: y + height })
    y += height + 10
  }
  for (const rule of place.nat) {
    for (const line of rule.match(/.{1,30}(?:\s|$)/g) ?? [rule]) {
      parts.push(textAt(x + PAD, y + LINE, line.trim()))
      y += LINE
    }
  }
  const height = y + PAD
  const fill = place.outside ? '#eef' : '#f6f6f0'
  const frame = `<rect x="${x}" y="${PAD}" width="${WIDTH}" height="${height - PAD}" rx="6" fill="${fill}" stroke="#888"/>`
  const title = `<text x="${x + PAD}" y="${PAD + LINE + 2}" font-weight="bold">${escapeXml(place.name)}</text>`
  return { svg: [frame, title, ...parts].join('\n'), height }
}

function deviceLines({ name, addresses, state, master }: Device): string[] {
  const port = master === undefined ? '' : ` (port of ${master})`
  return [`${name}${port}`, ...addresses, ...(state === 'up' ? [] : [state])]
}

function textAt(x: number, y: number, text: string): string {
  return `<text x="${x}" y="${y}" fill="#222">${escapeXml(text)}</text>`
}

function escapeXml(text: string): string {
  return text.replace(
    /[&<>"'\u0000-\u001f]/g,
    (character) => `&#${character < ' ' ? 0xfffd : character.codePointAt(0)};`,
  )
}
