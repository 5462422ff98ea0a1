import builder, { type Builder } from 'junit-report-builder'
import type { LabResult, Status } from '../run/results.ts'
import { checkDetails, commandDetails, outputDetails } from './describe.ts'
import type { Reporter } from './reporter.ts'
import { xmlData, xmlText } from './xml.ts'

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
      .name(xmlText(lab.lab))
      .time(lab.duration / 1000)
    const add = (group: string, line: number, name: string, status: Status, details: string, duration = 0) => {
      const test = suite
        .testCase()
        .className(xmlText(`${lab.lab}.${group}`))
        .name(xmlText(name))
        .file(`${lab.file}:${line}`)
        .time(duration / 1000)
      const [first = ''] = details.split('\n')
      if (status === 'failed') test.failure(xmlText(first)).stacktrace(xmlData(details))
      else if (status === 'error') test.error(xmlText(first), 'error', xmlData(details))
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
