import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { readLab, shippedLabs } from '../../src/commands/labs.ts'
import { noProgress, type Progress } from '../../src/guide/progress.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { stateName } from '../../src/state.ts'
import { labrunWith } from '../support/labrun.ts'
import { Screen } from './screen.ts'

const labs = shippedLabs().flatMap((file) => readLab(file, checks).lab ?? [])

describe('labrun list', { timeout: 120_000 }, () => {
  let state: string
  beforeAll(() => {
    state = mkdtempSync(join(tmpdir(), 'labrun-list-'))
  })
  afterAll(() => rmSync(state, { recursive: true, force: true }))

  function keep(lab: Lab, text: string | Partial<Progress>): void {
    const folder = join(state, 'labrun', 'progress')
    mkdirSync(folder, { recursive: true })
    const whole = typeof text === 'string' ? text : JSON.stringify({ version: 2, ...noProgress(lab), ...text })
    writeFileSync(join(folder, stateName({ id: lab.id, file: resolve(lab.file) })), whole)
  }

  async function list(...words: string[]): Promise<string> {
    return (await labrunWith({ env: { XDG_STATE_HOME: state, COLUMNS: '80' } }, 'list', ...words)).stdout
  }

  it('says at first with what to begin', async () => {
    const text = await list()
    expect(text).toContain(`Begin with \`labrun ${labs[0]!.id}\`.`)
    for (const { id } of labs) expect(text).toMatch(new RegExp(`^${id} `, 'm'))
    expect(text).toContain(`${labs[0]!.steps.length} steps, ${labs[0]!.minutes} minutes`)
  })

  it('says how far the student is in each lab, and what comes next', async () => {
    keep(labs[0]!, { finished: true })
    expect(await list()).toContain(`Next: \`labrun ${labs[1]!.id}\`.`)
    const [, , third] = labs as [Lab, Lab, Lab]
    keep(third, { step: third.steps[1]!.id, done: 2 })
    keep(labs[3]!, '{ half')
    const text = await list()
    expect(text).toContain('✓ finished')
    expect(text).toContain(`▸ you are at step 2 of ${third.steps.length}: ${third.steps[1]!.title}`)
    expect(text).toContain('! Your place in it cannot be read: it is damaged')
    expect(text).toContain(`Go on with \`labrun ${third.id}\`.`)
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true)
    expect(await list('--plain')).not.toMatch(/[▸✓]/)

    const rows = JSON.parse(await list('--json')) as { id: string; exam: boolean; next: boolean; progress: object }[]
    expect(rows.filter(({ exam }) => !exam).map(({ id }) => id)).toEqual(labs.map(({ id }) => id))
    expect(rows.filter(({ exam }) => exam).map(({ id }) => id)).toEqual(['build-a-bridge', 'repair'])
    expect(rows.filter(({ next }) => next).map(({ id }) => id)).toEqual([third.id])
    expect(rows.slice(0, 4).map(({ progress }) => progress)).toEqual([
      { state: 'finished', step: null, trouble: null },
      { state: 'new', step: null, trouble: null },
      { state: 'begun', step: { number: 2, id: third.steps[1]!.id, title: third.steps[1]!.title }, trouble: null },
      { state: 'new', step: null, trouble: 'it is damaged' },
    ])
  })

  it('is what labrun without a lab suggests', async () => {
    const screen = new Screen([], { XDG_STATE_HOME: state }, { rows: 40 })
    try {
      await screen.shows(`▸ ${labs[2]!.title} (you are at step 2 of ${labs[2]!.steps.length})`)
      screen.type('\r')
      await screen.shows(/You were at step 2 of|lab has changed/)
    } finally {
      screen.close()
      await screen.ended
    }
  })
})
