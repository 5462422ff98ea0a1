/** labrun could not do its work, which is no failure of a lab: the cause, and what can be done. */
export class Trouble extends Error {
  readonly code: string
  readonly remedies: readonly string[]

  constructor(code: string, cause: string, remedies: readonly string[]) {
    super(cause)
    this.name = new.target.name
    this.code = code
    this.remedies = remedies
  }
}

/** A machine cannot be reached, started, or was lost. */
export class MachineError extends Trouble {}
