/** What a student did in a lab, as far as it counts for the state: what was undone is not in it. */
export interface Work {
  readonly steps: readonly WorkStep[]
}

export interface WorkStep {
  readonly id: string
  /** In the order in which they were typed, those that the lab shows among them. */
  readonly commands: readonly WorkCommand[]
  /** The last one for each question. */
  readonly answers: readonly WorkAnswer[]
}

export interface WorkCommand {
  readonly terminal: string
  readonly text: string
  readonly background?: boolean | undefined
  /** Null: it did not come to its end, or nobody wrote it down. */
  readonly exit: number | null
  /** ISO 8601; null: nobody wrote it down. */
  readonly at: string | null
}

export interface WorkAnswer {
  /** Of the question in the lab. */
  readonly line: number
  readonly ask: string
  readonly text: string
}
