import { wrapText } from '../prose/text.ts'
import { textWidth } from '../prose/text-width.ts'
import { sanitize } from '../sanitize.ts'
import type { Change } from './changes.ts'
import { type Chain, titleOf } from './firewall.ts'
import type { Device, Network, Place } from './network.ts'
import { changedChains, farEnd, hasChanged, tailOf, toldPlaces, withPorts } from './parts.ts'

interface WordsOptions {
  readonly width: number
  /** Where there are some, machines, namespaces and chains without one are only named: nobody wants to listen to all again. */
  readonly changes: readonly Change[]
  /** Somebody has asked for all of it. */
  readonly whole: boolean
}

/** A network for a screen reader: one fact in each line, and nothing that is only a sign. What has changed comes first. */
export function inWords(network: Network, { width, changes, whole }: WordsOptions): string[] {
  const all = toldPlaces(network)
  const changed = whole ? [] : all.filter((place) => hasChanged(place, network, changes))
  const told = changed.length === 0 ? all : changed
  const rest = all.filter((place) => !told.includes(place)).map(({ name }) => name)
  const lines = told.flatMap((place) => {
    const chains = changed.length === 0 ? place.firewall : changedChains(place, changes)
    return placeInWords(place, chains, network)
  })
  const news = changes.map(changeInWords)
  return [...news, 'Map of the network:', ...lines, ...asBefore(rest)].map((line) => wrapped(line, width))
}

function asBefore(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`As before: ${names.map(sanitize).join(', ')}.`]
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

/** What has changed, as `host/eth0`, `host, chain nat DOCKER` or `host, filter FORWARD, rule 2`. */
export function nameOf({ place, device, chain, rule }: Change): string {
  if (device !== undefined) return sanitize(`${place}/${device}`)
  return sanitize(
    [place, chain === undefined ? [] : rule === undefined ? `chain ${chain}` : [chain, `rule ${rule}`]]
      .flat(2)
      .join(', '),
  )
}

function placeInWords(place: Place, told: readonly Chain[], network: Network): string[] {
  const devices = withPorts(place.devices).map(([device]) => `  ${deviceInWords(place, device, network)}.`)
  const chains = told.flatMap((chain) => {
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
  const others = asBefore(place.firewall.filter((chain) => !told.includes(chain)).map(titleOf))
  return [
    devices.length === 0 ? `${name}: only lo.` : `${name}:`,
    ...devices,
    ...chains.map((line) => sanitize(line)),
    ...others.map((line) => `  ${line}`),
  ]
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
