import builder, { type Builder } from 'junit-report-builder'
import type { LabResult, Status } from '../run/results.ts'
import { checkDetails, commandDetails, outputDetails } from './describe.ts'
import type { Reporter } from './reporter.ts'

/** JUnit XML: a suite a lab, a case a command, expected output or check. */
export const junit: Reporter = {
  name: 'junit',
  summary: 'JUnit XML',
  open: (sink) => (event) => {
    if (event.type === 'run-end') sink.write(`${report(event.result.labs)}\n`)
  },
}

function report(labs: readonly LabResult[]): string {
  // Its declarations are those of a CommonJS module, but what is loaded is the ES module.
  const root = (builder as unknown as Builder).newBuilder()
  for (const lab of labs) {
    const suite = root
      .testSuite()
      .name(clean(lab.lab))
      .time(lab.duration / 1000)
    const add = (group: string, line: number, name: string, status: Status, details: string, duration = 0) => {
      const test = suite
        .testCase()
        .className(clean(`${lab.lab}.${group}`))
        .name(clean(name))
        .file(`${lab.file}:${line}`)
        .time(duration / 1000)
      const [first = ''] = details.split('\n')
      if (status === 'failed') test.failure(clean(first)).stacktrace(data(details))
      else if (status === 'error') test.error(clean(first), 'error', data(details))
      else if (status !== 'passed') test.skipped()
    }
    if (lab.trouble) add('lab', 1, lab.title, 'error', lab.trouble)
    for (const step of lab.steps) {
      for (const block of step.blocks) {
        for (const command of block.commands) {
          add(step.id, command.line, command.text, command.status, commandDetails(command), command.duration)
        }
        if (block.outputStatus)
          add(
            step.id,
            block.outputLine ?? block.line,
            `output of line ${block.line}`,
            block.outputStatus,
            outputDetails(block),
          )
      }
      for (const check of step.checks)
        add(step.id, check.line, check.label, check.status, checkDetails(check), check.duration)
    }
  }
  return root.build()
}

/** The builder takes care of the first `]]>` of a text only. */
function data(text: string): string {
  return clean(text).replaceAll(']]>', ']] >')
}

/** XML 1.0 has no place for control characters, nor for half a surrogate pair. */
function clean(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
}
