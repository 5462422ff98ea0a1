import builder, { type Builder } from 'junit-report-builder'
import { xmlData, xmlText } from '../../reporters/xml.ts'
import type { GradedItem } from '../model.ts'
import { pointsText } from '../score.ts'
import { type Row, standing, type Table } from './table.ts'

/** JUnit XML: a suite a student, by pseudonym, a case a check or question. */
export const junit: Table = {
  file: 'junit.xml',
  start: ({ lab }) => `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${attribute(lab.id)}">\n`,
  row: (row, { lab }) => suiteOf(row, lab.id),
  end: () => '</testsuites>\n',
}

function suiteOf(row: Row, lab: string): string {
  // Its declarations are those of a CommonJS module, but what is loaded is the ES module.
  const root = (builder as unknown as Builder).newBuilder()
  const { graded, pseudonym } = row
  const suite = root
    .testSuite()
    .name(pseudonym)
    .time((graded?.duration ?? 0) / 1000)
  const status = standing(row)
  if (status !== 'graded') {
    const test = suite.testCase().className(xmlText(lab)).name(status)
    const reason = xmlText(graded?.reason ?? row.trouble ?? 'nothing was handed in')
    if (status === 'missing') test.skipped()
    else test.error(reason, status)
  }
  for (const step of graded?.steps ?? []) {
    for (const item of step.items) {
      const test = suite
        .testCase()
        .className(xmlText(`${lab}.${step.id}`))
        .name(xmlText(`${item.key}: ${item.label}`))
      if (item.status === 'failed') test.failure(xmlText(firstLine(item))).stacktrace(xmlData(details(item)))
      else if (item.status === 'error') test.error(xmlText(firstLine(item)), 'error', xmlData(details(item)))
      else if (item.status !== 'passed') test.skipped()
    }
  }
  // The builder makes whole documents: what is wanted of this one is what is in its root.
  return /<testsuites[^>]*>\n?(.*)<\/testsuites>/s.exec(root.build())![1]!
}

function firstLine({ actual, points, max }: GradedItem): string {
  return `${actual.split('\n')[0]} (${points === null ? '?' : pointsText(points)} of ${pointsText(max)})`
}

function details({ expected, actual, why, diagnosis }: GradedItem): string {
  const lines = [`expected: ${expected}`, `seen: ${actual}`]
  return [...lines, ...(why ? [`why: ${why}`] : []), ...(diagnosis ? [`because: ${diagnosis}`] : [])].join('\n')
}

function attribute(text: string): string {
  return xmlText(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
