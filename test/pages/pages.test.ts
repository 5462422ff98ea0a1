import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { feedbackPage } from '../../src/pages/feedback.ts'
import { reportPage } from '../../src/pages/report.ts'
import { gradedOf } from '../support/graded.ts'
import { classOf } from '../support/graded-class.ts'
import { HOSTILE, hostileGraded } from '../support/hostile-graded.ts'
import { startBrowser, whyNoBrowser } from './browser.ts'

const LEADS = [{ kind: 'values', reason: 'the values of another student', others: ['sabc'] }]
const REFUSED = { status: 'refused', reason: 'The zip is broken.', points: null, steps: [], network: null } as const

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  student: () => feedbackPage(gradedOf({ late: true, limits: ['256 processes'] }), 'student'),
  staff: () => feedbackPage(gradedOf({ leads: LEADS }), 'staff'),
  refused: () => feedbackPage(gradedOf(REFUSED), 'student'),
  'needs-staff': () => feedbackPage(gradedOf({ status: 'needs-staff', points: null, reason: 'x' }), 'student'),
  report: async () => reportOf(18),
  empty: async () => reportOf(0),
}

// The code for the page is text, because the rest of the project must not know the types of browsers.
const TOO_WIDE = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

/** Milliseconds: a browser on a busy machine. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let browser: Browser
let folder: string

beforeAll(async () => {
  if (whyNoBrowser) return
  folder = mkdtempSync(join(tmpdir(), 'labrun-pages-'))
  browser = await startBrowser()
  for (const [name, make] of Object.entries(PAGES)) writeFileSync(join(folder, `${name}.html`), await make())
})

afterAll(async () => {
  if (whyNoBrowser) return
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(({ skip }) => skip(whyNoBrowser !== '', whyNoBrowser))

describe.each(Object.keys(PAGES))('the page %s', (name) => {
  it('without JavaScript, wide and narrow, light and dark: nothing is cut off, complained of or fetched', async () => {
    const { page, complaints, requests } = await open(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 })
        expect(await page.evaluate(TOO_WIDE), `${width} pixels`).toBe(false)
      }
    }
    expect(complaints).toEqual([])
    expect(requests).toEqual([`${name}.html`])
    await page.context().close()
  })

  it('is accessible: contrast in light and dark, tables, headings, names, regions', async () => {
    const { page } = await open(name, { javaScriptEnabled: true })
    await page.evaluate(axe.source)
    const run = async (rules: string) => {
      const { violations, passes } = await page.evaluate<AxeResults>(`axe.run(${rules})`)
      const told = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`))
      expect(told).toEqual([])
      expect(passes.map(({ id }) => id)).toContain('color-contrast')
    }
    await run('{}')
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe('rgb(19, 22, 26)')
    await run("{ runOnly: ['color-contrast'] }")
    await page.context().close()
  })
})

it('on paper the page is white, and what is folded is open', async () => {
  const { page } = await open('student', { colorScheme: 'dark' })
  const typed = page.locator('.commands').first()
  expect(await typed.isVisible()).toBe(false)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await typed.isVisible()).toBe(true)
  const background = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
  expect(background).toBe('rgb(255, 255, 255)')
  expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(1000)
  await page.context().close()
})

it('wide tables can be scrolled with the keyboard', async () => {
  const { page } = await open('report', { viewport: { width: 360, height: 800 } })
  await page.locator('#causes ~ .scroll a').last().focus()
  await page.keyboard.press('Tab')
  expect(await page.evaluate("document.activeElement.matches('.matrix')")).toBe(true)
  await page.keyboard.press('ArrowRight')
  await expect
    .poll(async () => page.evaluate<number>("document.querySelector('.matrix').scrollLeft"))
    .toBeGreaterThan(0)
  await page.context().close()
})

it('links lead to the step that they name, and fold open nothing else', async () => {
  const { page } = await open('student')
  await page.getByRole('link', { name: 'Publish a port' }).click()
  expect(new URL(page.url()).hash).toBe('#step-3')
  expect(await page.locator('#step-3').textContent()).toContain('Publish a port')
  await page.context().close()
})

describe('hostile text', () => {
  it('is text for a browser too', async () => {
    const own = await elements('staff')
    const { page, complaints, requests } = await open('staff', {
      javaScriptEnabled: true,
      viewport: { width: 360, height: 800 },
    })
    for (const text of HOSTILE) {
      writeFileSync(join(folder, 'hostile.html'), feedbackPage(hostileGraded(text), 'staff'))
      await page.goto(`${pathToFileURL(folder)}/hostile.html`)
      expect((await elementsOf(page)).filter((element) => !own.includes(element))).toEqual([])
      expect(await page.locator('h1').count(), text).toBe(1)
      expect(await page.evaluate(TOO_WIDE), text).toBe(false)
    }
    expect(complaints).toEqual([])
    expect(new Set(requests)).toEqual(new Set(['staff.html', 'hostile.html']))
    await page.context().close()
  })

  it('and even a script that stood in the page would not run', async () => {
    const page = feedbackPage(gradedOf(), 'student').replace('<main>', '<main><script>document.title = "ran"</script>')
    writeFileSync(join(folder, 'script.html'), page)
    const opened = await open('script', { javaScriptEnabled: true })
    expect(await opened.page.title()).toBe('A bridge, and a way out: Ada Lovelace')
    expect(opened.complaints.join()).toMatch(/Content Security Policy/)
    await opened.page.context().close()
  })
})

interface Opened {
  readonly page: Page
  /** Messages in the console, errors and dialogs. */
  readonly complaints: string[]
  /** What was fetched: names of files, whole addresses of all else. */
  readonly requests: string[]
}

async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message())
    void dialog.dismiss()
  })
  const start = `${pathToFileURL(folder)}/`
  page.on('request', (request) => requests.push(request.url().replace(start, '')))
  await page.goto(`${start}${name}.html`)
  return { page, complaints, requests }
}

async function elements(name: string): Promise<string[]> {
  const { page } = await open(name)
  const found = await elementsOf(page)
  await page.context().close()
  return found
}

/** Each element with the names of its attributes, as the browser has understood the page. */
async function elementsOf(page: Page): Promise<string[]> {
  const all = await page.evaluate<string[]>(`[...document.querySelectorAll('*')].flatMap(({ tagName, attributes }) =>
    [tagName, ...[...attributes].map(({ name }) => tagName + ' ' + name)])`)
  return [...new Set(all)]
}

async function reportOf(students: number): Promise<string> {
  const pieces: string[] = []
  const report = reportPage({
    title: 'A bridge, and a way out',
    results: () => classOf(students),
    missing: [{ pseudonym: 's9', id: 'k9', name: 'Emmy Noether' }],
    feedback: ({ student }) => `feedback/${student.pseudonym}.html`,
    made: '2026-11-24T19:00:00Z',
  })
  for await (const piece of report) pieces.push(piece)
  return pieces.join('')
}
