/** Where a command's worlds are, as the command line says it. */
export interface PlaceOptions {
  /** `auto`, `local`, `vagrant`, or `ssh:USER@HOST`. */
  readonly on: string
  /** Labs may have the real root of a machine that is not theirs alone. */
  readonly privileged: boolean
}

/** What is wrong with a value of `--on`; undefined if nothing is. */
export function problemOfPlace(on: string): string | undefined {
  if (['auto', 'local', 'vagrant'].includes(on) || /^ssh:[^\s-]\S*$/.test(on)) return undefined
  return 'expected auto, local, vagrant, or ssh:USER@HOST'
}
