import { sanitize } from '../world/sanitize.ts'
import { findings } from './describe.ts'
import type { Reporter } from './reporter.ts'

/** Annotations for GitHub Actions, at the file and line of what failed. */
export const github: Reporter = {
  name: 'github',
  summary: 'annotations for GitHub Actions',
  open: (sink) => (event) => {
    if (event.type === 'lab-trouble')
      sink.write(`::error file=${property(event.file)},title=${property(event.lab)}::${data(event.message)}\n`)
    if (event.type !== 'lab-end') return
    for (const { lab, line, title, details, status } of findings(event.result)) {
      const where = `file=${property(lab.file)},line=${line},title=${property(`${lab.lab}: ${title}`)}`
      sink.write(`::error ${where}::${data(`${status}: ${details}`)}\n`)
    }
  },
}

// https://github.com/actions/toolkit, packages/core/src/command.ts: escapeData and escapeProperty.
function data(text: string): string {
  return sanitize(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
