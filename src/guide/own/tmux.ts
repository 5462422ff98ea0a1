import { execFileSync } from 'node:child_process'
import type { Lab } from '../../lab/lab.ts'
import type { GuideView } from '../view.ts'

/** How a student opens one more terminal of the world. */
export function howToOpen(lab: Lab, terminal: string): string {
  const line = `labrun shell ${lab.id} --terminal ${terminal}`
  const here = process.env.TMUX ? `\n  Here in tmux, \`window ${terminal}\` opens it beside this one.` : ''
  return `\n  This part needs the terminal ${terminal} too. Open it in another window:\n    ${line}${here}`
}

/** Splits the window of tmux, where there is one; false where the student has to do it. */
export function openPane(lab: Lab, terminal: string, view: GuideView): boolean {
  if (!/^[\w-]+$/.test(terminal)) {
    view.say('  A terminal has a name of letters and digits: `window 2`')
    return false
  }
  if (!process.env.TMUX) {
    view.say(howToOpen(lab, terminal).trimStart())
    return false
  }
  const shell = [process.execPath, process.argv[1]!, 'shell', lab.file, '--terminal', terminal]
  // A pane has the environment of tmux, which may be another one than here. What goes wrong in it has to be seen.
  const { XDG_STATE_HOME } = process.env
  const state = XDG_STATE_HOME ? ['env', `XDG_STATE_HOME=${XDG_STATE_HOME}`] : []
  const command = ['sh', '-c', '"$@" || { printf "Enter closes this."; read -r _; }', 'sh', ...state, ...shell]
  try {
    // Without a target tmux splits the window that is looked at now, which may be another one.
    const { TMUX_PANE } = process.env
    const beside = TMUX_PANE ? ['-t', TMUX_PANE] : []
    execFileSync('tmux', ['split-window', ...beside, ...command], { stdio: 'ignore' })
    return true
  } catch (error) {
    view.say(`  ! tmux could not split the window: ${(error as Error).message}`)
    return false
  }
}
