import { wrapText } from '../prose/text.ts'
import { textWidth } from '../prose/text-width.ts'
import { sanitize } from '../sanitize.ts'
import type { Change } from './changes.ts'
import { titleOf } from './firewall.ts'
import type { Device, Network, Place } from './network.ts'
import { farEnd, hasChanged, tailOf, toldPlaces, withPorts } from './parts.ts'

interface WordsOptions {
  readonly width: number
  readonly changes: readonly Change[]
  /** Lines at most: where there are more, what has not changed is only named. */
  readonly lines: number
}

/** A network for a screen reader: one fact in each line, and nothing that is only a sign. What has changed comes first. */
export function inWords(network: Network, { width, changes, lines }: WordsOptions): string[] {
  const news = changes.map(changeInWords)
  const all = toldPlaces(network)
  const changed = all.filter((place) => hasChanged(place, network, changes))
  const whole = all.flatMap((place) => placeInWords(place, network))
  const isWhole = news.length + whole.length <= lines || changed.length === 0 || changed.length === all.length
  const rest = all.filter((place) => !changed.includes(place)).map(({ name }) => sanitize(name))
  const told = isWhole
    ? whole
    : [...changed.flatMap((place) => placeInWords(place, network)), `As before: ${rest.join(', ')}.`]
  return [...news, 'Map of the network:', ...told].map((line) => wrapped(line, width))
}

/** What goes on stands further right than what begins. */
function wrapped(line: string, width: number): string {
  return textWidth(line) <= width ? line : wrapText(line, width - 4).replaceAll('\n', '\n    ')
}

function changeInWords(change: Change): string {
  const word = { new: 'New', changed: 'Changed', gone: 'Gone' }[change.kind]
  const what = sanitize(change.what)
  if (change.rule !== undefined) return `${word}: ${nameOf(change)}: ${what}`
  return `${word}: ${nameOf(change)}${what && ` (${what})`}.`
}

/** What has changed, as `host/eth0` or `host, filter FORWARD, rule 2`. */
export function nameOf({ place, device, chain, rule }: Change): string {
  if (device !== undefined) return sanitize(`${place}/${device}`)
  return sanitize([place, chain ?? [], rule === undefined ? [] : `rule ${rule}`].flat().join(', '))
}

function placeInWords(place: Place, network: Network): string[] {
  const devices = withPorts(place.devices).map(([device]) => `  ${deviceInWords(place, device, network)}.`)
  const chains = place.firewall.flatMap((chain) => {
    const title = titleOf(chain)
    const { policy, rules } = chain
    const own = policy === undefined && rules.length === 0 ? ['empty'] : []
    const facts = policy === undefined || policy === 'ACCEPT' ? own : [`policy ${policy}`]
    return [
      ...facts.map((fact) => `  ${title}: ${fact}.`),
      ...rules.map((rule, index) => `  ${title}, rule ${index + 1}: ${rule}`),
    ]
  })
  const name = sanitize(place.name)
  return [devices.length === 0 ? `${name}: only lo.` : `${name}:`, ...devices, ...chains.map((line) => sanitize(line))]
}

function deviceInWords({ name: place }: Place, device: Device, network: Network): string {
  const near = { place, device: device.name }
  const far = farEnd(near, network)
  const there = tailOf(near, network)?.devices.flatMap(facts) ?? []
  const cable = far && `${far.end.place === place ? '' : `${far.end.place}/`}${far.end.device}`
  const told = [
    ...(device.type === 'bridge' ? ['bridge'] : []),
    ...facts(device),
    ...(device.master === undefined ? [] : [`port of ${device.master}`]),
    ...(cable ? [`cable to ${cable}${there.length === 0 ? '' : ` (${there.join(', ')})`}`] : []),
    ...(far && !far.up ? ['no link'] : []),
  ]
  return sanitize(told.length === 0 ? device.name : `${device.name}: ${told.join(', ')}`)
}

function facts({ addresses, state }: Device): string[] {
  return [...addresses, ...{ up: [], down: ['DOWN'], 'no-carrier': ['NO-CARRIER'] }[state]]
}
