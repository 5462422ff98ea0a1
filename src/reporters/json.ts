import { printableJson } from '../sanitize.ts'
import type { Reporter } from './reporter.ts'

/** One JSON document, when all is over. */
export const json: Reporter = {
  name: 'json',
  summary: 'one JSON document',
  open: (sink) => (event) => {
    if (event.type === 'run-end') sink.write(`${printableJson(event.result)}\n`)
  },
}

/** Each event as it happens, one JSON object a line. */
export const events: Reporter = {
  name: 'events',
  summary: 'one JSON object per line, as things happen',
  open: (sink) => (event) => sink.write(`${printableJson(event, 0)}\n`),
}
