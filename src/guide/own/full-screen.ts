/**
 * Follows in what a program draws whether it has the whole screen: the alternate screen of xterm, or, as `top` has it, cursor
 * keys for an application.
 */
export class FullScreen {
  /** It has the alternate screen. */
  isOn = false
  #end = ''

  /** Whether it was on at any time of this. */
  take(bytes: Buffer): boolean {
    const text = this.#end + bytes.toString('latin1')
    let wasOn = this.isOn
    for (const [, mode, how] of text.matchAll(WHOLE_SCREEN)) {
      if (mode !== '1') this.isOn = how === 'h'
      wasOn ||= how === 'h'
    }
    this.#end = /\u001b[^a-z]{0,8}$/.exec(text)?.[0] ?? ''
    return wasOn
  }
}

const WHOLE_SCREEN = /\u001b\[\?(1049|1047|47|1)([hl])/g

/** Makes a terminal usable again that programs have left as it was: the cursor is shown, and pasted text and keys are plain. */
export const LEAVE_MODES = '\u001b[?25h\u001b[?2004l\u001b[?1l\u001b>\u001b[m'

/** The same, where a program had the whole screen. */
export const LEAVE_FULL_SCREEN = `\u001b[?1049l${LEAVE_MODES}\r\n`
