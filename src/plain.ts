/**
 * Whether everything is to be plain: words instead of signs and boxes, and no line that is written over. For screen
 * readers, braille, and terminals that can do no more (`--plain`, LABRUN_PLAIN=1, TERM=dumb).
 */
export function isPlain(): boolean {
  const { LABRUN_PLAIN, TERM } = process.env
  return TERM === 'dumb' || (LABRUN_PLAIN !== undefined && LABRUN_PLAIN !== '' && LABRUN_PLAIN !== '0')
}

/** From here on, and for the processes that are started. */
export function makePlain(): void {
  process.env.LABRUN_PLAIN = '1'
}
