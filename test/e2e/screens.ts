import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { Screen, type ScreenOptions } from './screen.ts'

export interface Screens {
  /** Of this test alone. */
  readonly folder: string
  /** Where labrun keeps what is done on these screens. */
  readonly state: string
  /** A screen that is closed when the test is over. */
  open(args: readonly string[], env?: Readonly<Record<string, string>>, options?: ScreenOptions): Screen
}

/** Gives each test of a `describe` a folder, and screens whose state is kept in it. */
export function eachWithScreens(): Screens {
  let folder: string
  let screens: Screen[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labrun-screens-'))
    screens = []
  })

  afterEach(async () => {
    for (const screen of screens) screen.close()
    // What ends still writes there.
    await Promise.all(screens.map(({ ended }) => ended))
    rmSync(folder, { recursive: true, force: true })
  })

  return {
    get folder() {
      return folder
    },
    get state() {
      return join(folder, 'state')
    },
    open(args, env = {}, options = {}) {
      // A pane of tmux would be opened beside whoever runs the tests.
      const screen = new Screen(args, { XDG_STATE_HOME: join(folder, 'state'), TMUX: '', ...env }, options)
      screens.push(screen)
      return screen
    },
  }
}
