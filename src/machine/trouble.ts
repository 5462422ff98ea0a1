import { sanitize } from '../sanitize.ts'

/** labrun could not do its work, which is no failure of a lab: the cause, and what can be done. */
export class Trouble extends Error {
  readonly code: string
  readonly remedies: readonly string[]

  constructor(code: string, cause: string, remedies: readonly string[]) {
    // It may hold words of programs and machines that nobody vouches for.
    super(sanitize(cause))
    this.name = new.target.name
    this.code = code
    this.remedies = remedies
  }
}

/** A machine cannot be reached, started, or was lost. */
export class MachineError extends Trouble {}
