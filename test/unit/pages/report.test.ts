import { describe, expect, it } from 'vitest'
import type { Graded } from '../../../src/grade/model.ts'
import { type ReportInput, reportPage } from '../../../src/pages/report.ts'
import { gradedOf, itemOf, stepOf } from '../../support/graded.ts'
import { classOf } from '../../support/graded-class.ts'
import { bareMarkup, HOSTILE, hostileGraded } from '../../support/hostile-graded.ts'

describe('a class of 60', () => {
  const page = reportOf({ results: () => classOf(60), missing: [{ pseudonym: 's9', id: 'k9', name: 'Emmy Noether' }] })

  it('has a line for each student, with a link to the feedback', async () => {
    const rows = [...(await page).matchAll(/<tr><th scope="row"><a href="feedback\/(\w+)\.html">/g)]
    expect(rows.map((row) => row[1])).toHaveLength(60)
    expect(new Set(rows.map((row) => row[1])).size).toBe(60)
  })

  it('has a cell for each item in each line', async () => {
    const all: Graded[] = []
    for await (const graded of classOf(60)) all.push(graded)
    const items = all[0]!.steps.flatMap((step) => step.items).length
    const judged = all.filter(({ steps }) => steps.length > 0).length
    expect((await page).match(/<td class="[pfbes]"><span aria-hidden/g)).toHaveLength(items * judged)
  })

  it('counts what the class has', async () => {
    const tiles = [...(await page).matchAll(/<li><b>([^<]*)<\/b> ([^<]*)<\/li>/g)].map(
      (tile) => `${tile[2]}: ${tile[1]}`,
    )
    const all: Graded[] = []
    for await (const graded of classOf(60)) all.push(graded)
    const number = (wanted: (graded: Graded) => boolean) => all.filter(wanted).length
    expect(tiles.slice(0, 6)).toEqual([
      `graded: ${number(({ status }) => status === 'graded')}`,
      `need staff: ${number(({ status }) => status === 'needs-staff')}`,
      `not accepted: ${number(({ status }) => status === 'refused')}`,
      'handed nothing in: 1',
      `late: ${number(({ late }) => late === true)}`,
      `with a lead: ${number(({ leads }) => leads.length > 0)}`,
    ])
    const points = all.flatMap((graded) => graded.points ?? []).toSorted((a, b) => a - b)
    const middle = points.length / 2
    const median = (points[Math.floor(middle - 0.5)]! + points[Math.floor(middle)]!) / 2
    expect(tiles[7]).toBe(`median: ${Number(median.toFixed(2))}`)
  })

  it('names who needs staff, the leads and the missing', async () => {
    expect(await page).toMatch(/not judged: the world could not be built/)
    expect(await page).toMatch(/history: the same commands in the same order \(with sqqqqq\)/)
    expect(await page).toContain('<bdi>Emmy Noether</bdi>')
  })

  it('takes equal causes of different students together', async () => {
    expect(await page).toContain('net1/eth0 has no route to &lt;ip&gt;')
    expect(await page).not.toMatch(/no route to 10\./)
  })
})

it('shows how hard an item was, and points only of those who have some', async () => {
  const of = (status: 'passed' | 'failed' | 'error', points: number | null) =>
    gradedOf({ steps: [stepOf(status, [itemOf({ status, points, max: 2 })])] })
  const page = await reportOf({
    results: () => each([of('passed', 2), of('failed', 0), of('failed', 1), of('error', null)]),
  })
  const row = /<tr id="item-1.1">.*?<\/tr>/s.exec(page)![0].replace(/<[^>]*>/g, ' ')
  expect(row.split(/\s+/).join(' ')).toBe(
    ' 1.1 ping: net1 -> 10.20.7.2 bridge/ping-1 25 % 1 2 0 1 0 50 % '.replace('>', '&gt;'),
  )
})

it('the distribution counts each student with points once', async () => {
  const points = [0, 0.5, 5, 9.99, 10, null]
  const page = await reportOf({ results: () => each(points.map((number) => gradedOf({ points: number }))) })
  const bins = [...page.matchAll(/<th scope="row" class="number">([^<]*)<\/th>\s*<td class="number">(\d+)</g)]
  expect(bins.map((bin) => Number(bin[2]))).toEqual([2, 0, 0, 0, 0, 1, 0, 0, 0, 2])
  expect(bins[0]![1]).toBe('0 to below 1')
  expect(bins[9]![1]).toBe('9 to 10')
})

it('is a page without any result', async () => {
  const page = await reportOf({ results: () => each([]) })
  expect(page).toContain('<b>0</b> graded')
  expect(page).toMatch(/<\/html>\n$/)
  expect(page).not.toMatch(/NaN|undefined|Infinity/)
})

it('reads the results twice, one at a time, and keeps none of them', async () => {
  let [read, held, most] = [0, 0, 0]
  const results = async function* (): AsyncGenerator<Graded> {
    for await (const graded of classOf(200)) {
      held++
      most = Math.max(most, held)
      read++
      yield graded
      held--
    }
  }
  const pieces: number[] = []
  for await (const piece of reportPage(inputOf({ results }))) pieces.push(piece.length)
  expect(read).toBe(400)
  expect(most).toBe(1)
  // The lines come one by one.
  expect(pieces.length).toBeGreaterThan(200)
  expect(Math.max(...pieces)).toBeLessThan(100_000)
})

it('many different causes do not make the report longer', async () => {
  const results = async function* (): AsyncGenerator<Graded> {
    for (let student = 0; student < 3000; student++) {
      const common = itemOf({ key: 'bridge/common', status: 'failed', diagnosis: 'COMMON' })
      const own = itemOf({ status: 'failed', diagnosis: `only ${student.toString(36)}x here` })
      yield gradedOf({ steps: [stepOf('failed', [own, common])], leads: [{ kind: 'x', reason: 'y', others: [] }] })
    }
  }
  const page = await reportOf({ results })
  const head = page.slice(0, page.indexOf('id="all"'))
  expect(head.length).toBeLessThan(100_000)
  expect(head).toMatch(/and 2900 more/)
  const [, students] = /<td class="number">(\d+)<\/td><th scope="row" class="cause">COMMON</.exec(head)!
  expect(Number(students)).toBeGreaterThan(2900)
  expect(head).toContain('some numbers may be a little too low')
})

it('whatever students have written cannot become markup, nor a link elsewhere', async () => {
  for (const text of HOSTILE) {
    const page = await reportOf({
      title: text,
      made: text,
      results: () =>
        each([hostileGraded(text), { ...hostileGraded(text), status: 'refused', points: null, steps: [] }]),
      missing: [{ pseudonym: text, id: text, name: text }],
      feedback: () => text,
    })
    expect(page).not.toMatch(/<(script|img|iframe|link|base|svg|textarea|plaintext|noscript|xmp)\b/i)
    expect(bareMarkup(page)).not.toMatch(/\son\w+=/i)
    expect(
      [...page.matchAll(/href="([^"]*)"/g)].map((match) => match[1]!).filter((url) => /^[^#/]*:|^\/\//.test(url)),
    ).toEqual([])
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect(page.match(/<(style|title|meta http-equiv)\b/g)).toHaveLength(3)
  }
})

function inputOf(different: Partial<ReportInput>): ReportInput {
  return {
    title: 'A bridge, and a way out',
    results: () => each([]),
    missing: [],
    feedback: ({ student }) => `feedback/${student.pseudonym}.html`,
    made: '2026-11-24T19:00:00Z',
    ...different,
  }
}

async function reportOf(different: Partial<ReportInput>): Promise<string> {
  const pieces: string[] = []
  for await (const piece of reportPage(inputOf(different))) pieces.push(piece)
  return pieces.join('')
}

async function* each(results: readonly Graded[]): AsyncGenerator<Graded> {
  yield* results
}
