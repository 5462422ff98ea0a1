/** What a student did in a lab, as far as it counts for the state: what was undone is not in it. */
export interface Work {
  readonly steps: readonly WorkStep[]
}

export interface WorkStep {
  readonly id: string
  readonly commands: readonly WorkCommand[]
  readonly answers: readonly WorkAnswer[]
}

export interface WorkCommand {
  readonly terminal: string
  readonly text: string
  readonly background?: boolean | undefined
  readonly exit: number | null
  readonly at: string | null
}

export interface WorkAnswer {
  readonly line: number
  readonly ask: string
  readonly text: string
}
