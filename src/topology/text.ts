import { renderProse } from '../prose/prose.ts'
import { toMermaid } from './mermaid.ts'
import type { Network } from './network.ts'

/** A network as boxes and lines, for a terminal of that many columns. */
export function toText(network: Network, options: { readonly width: number; readonly colour: boolean }): string {
  return renderProse(`\`\`\`mermaid\n${toMermaid(network)}\`\`\``, options)
}
