import builder, { type Builder } from 'junit-report-builder'
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
    const test = suite.testCase().className(clean(lab)).name(status)
    const reason = clean(graded?.reason ?? row.trouble ?? 'nothing was handed in')
    if (status === 'missing') test.skipped()
    else test.error(reason, status)
  }
  for (const step of graded?.steps ?? []) {
    for (const item of step.items) {
      const test = suite
        .testCase()
        .className(clean(`${lab}.${step.id}`))
        .name(clean(`${item.key}: ${item.label}`))
      if (item.status === 'failed') test.failure(clean(firstLine(item))).stacktrace(data(details(item)))
      else if (item.status === 'error') test.error(clean(firstLine(item)), 'error', data(details(item)))
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

/** The builder takes care of the first `]]>` of a text only. */
function data(text: string): string {
  return clean(text).replaceAll(']]>', ']] >')
}

/** XML 1.0 has no place for control characters, nor for half a surrogate pair. */
function clean(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
}

function attribute(text: string): string {
  return clean(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
