import { sanitize } from '../sanitize.ts'
import { findings } from './describe.ts'
import type { Reporter } from './reporter.ts'

/** Annotations for GitHub Actions, at the file and line of what failed. */
export const github: Reporter = {
  name: 'github',
  summary: 'annotations for GitHub Actions',
  open: (sink) => (event) => {
    if (event.type === 'lab-trouble') {
      const { file, lab: title, message, problems } = event
      for (const problem of problems ?? [{ line: 1, message }]) sink.write(annotation({ file, title, ...problem }))
    }
    if (event.type !== 'lab-end') return
    for (const { lab, line, title, details, status } of findings(event.result))
      sink.write(annotation({ file: lab.file, line, title: `${lab.lab}: ${title}`, message: `${status}: ${details}` }))
  },
}

export interface Annotation {
  readonly file: string
  readonly line: number
  readonly column?: number
  readonly title: string
  readonly message: string
}

/** A line that makes GitHub Actions show an error at a place in a file. */
export function annotation({ file, line, column, title, message }: Annotation): string {
  const place = `file=${property(file)},line=${line}${column === undefined ? '' : `,col=${column}`}`
  return `::error ${place},title=${property(title)}::${data(message)}\n`
}

// https://github.com/actions/toolkit, packages/core/src/command.ts: escapeData and escapeProperty.
function data(text: string): string {
  return sanitize(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
