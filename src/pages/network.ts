import { titleOf } from '../topology/firewall.ts'
import type { Device, Network, Place } from '../topology/network.ts'
import { toSvg } from '../topology/svg.ts'
import { scrolling } from './document.ts'
import { type Content, html, trusted } from './html.ts'

/** A picture of more devices is no help to anybody. */
const MOST_DRAWN = 80
const MOST_LISTED = 300

/** The network as a picture, and as a table for those who cannot see it. */
export function networkSection(network: Network): Content {
  const devices = network.places.flatMap((place) => place.devices.map((device) => ({ place, device })))
  return html`<section aria-labelledby="network">
<h2 id="network">The network at the end</h2>
${
  devices.length <= MOST_DRAWN
    ? html`<figure>
${scrolling('Picture of the network', trusted(toSvg(network).replace('<svg ', '<svg role="img" aria-label="The network at the end; the table below says the same" ')))}
<figcaption class="quiet">Red and dashed: a device or a cable that is not up.</figcaption>
</figure>`
    : html`<p>It has ${devices.length} devices: too many for a picture.</p>`
}
<details><summary>The same as a table</summary>
${scrolling('Devices of the network', deviceTable(network, devices.slice(0, MOST_LISTED)))}
${devices.length > MOST_LISTED && html`<p>… and ${devices.length - MOST_LISTED} more devices.</p>`}
${rulesOf(network.places)}
</details>
</section>`
}

type Rows = readonly { readonly place: Place; readonly device: Device }[]

function deviceTable(network: Network, rows: Rows): Content {
  return html`<table>
<thead><tr><th scope="col">Machine or namespace</th><th scope="col">Device</th><th scope="col">State</th>
<th scope="col">Addresses</th><th scope="col">Plugged into</th></tr></thead>
<tbody>
${rows.map(
  ({ place, device }) => html`<tr><td>${place.name}${place.outside && ' (another machine)'}</td>
<th scope="row">${device.name}${device.type === 'bridge' && ' (bridge)'}</th><td>${STATES[device.state]}</td>
<td>${device.addresses.join(', ') || '–'}</td><td>${pluggedInto(network, place, device) || '–'}</td></tr>
`,
)}</tbody>
</table>`
}

const STATES: Readonly<Record<Device['state'], string>> = {
  up: 'up',
  down: 'down',
  'no-carrier': 'no carrier: the other end is not up',
}

function pluggedInto({ cables }: Network, place: Place, device: Device): string {
  const others = cables.flatMap(({ ends: [a, b] }) =>
    a.place === place.name && a.device === device.name
      ? [b]
      : b.place === place.name && b.device === device.name
        ? [a]
        : [],
  )
  const cable = others.map((other) => `${other.place}/${other.device}`)
  return [...(device.master === undefined ? [] : [`bridge ${device.master}`]), ...cable].join(', ')
}

function rulesOf(places: readonly Place[]): Content {
  const rules = places
    .flatMap(({ name, firewall }) =>
      firewall.flatMap((chain) =>
        [
          ...(chain.policy === undefined || chain.policy === 'ACCEPT' ? [] : [`policy ${chain.policy}`]),
          ...chain.rules,
        ].map((text) => `${name}: ${titleOf(chain)} ${text}`),
      ),
    )
    .slice(0, MOST_LISTED)
  if (rules.length === 0) return null
  return html`<h3>Rules of iptables</h3>
<pre>${rules.join('\n')}</pre>`
}
