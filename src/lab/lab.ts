import type { Expected } from './expected.ts'
import type { Params, Values } from './params.ts'
import type { Secret } from './secrets.ts'

/** A lab as plain data. Lines and columns count from 1 and lie in the file. */
export interface Lab {
  /** The file name without `.md`. */
  readonly id: string
  readonly file: string
  /** As in the file, without any value filled in. */
  readonly source: readonly string[]
  readonly title: string
  readonly summary: string | undefined
  readonly minutes: number | undefined
  readonly world: WorldSpec
  readonly tools: readonly string[]
  readonly machine: Needs
  readonly from: string | undefined
  readonly params: Params
  readonly grading: GradingSpec
  /** Those that were filled in. */
  readonly values: Values
  /** The student's text: without solutions, hidden checks and answers. */
  readonly edition: boolean
  /** What the student's text must not have, in the order of the file. */
  readonly secrets: readonly Secret[]
  /** All `##` sections and what comes before the first; those that are steps have an id. */
  readonly sections: readonly Section[]
  readonly steps: readonly Step[]
}

/** What the lab says about its grading. */
export interface GradingSpec {
  /** What a step is worth that is judged by itself, after a failed one: 0 to 1. */
  readonly carry: number
}

/**
 * What a lab needs of the machine: `any`: a world without rights outside; `root`: the machine's real root (a dockerd);
 * `vm`: also the kernel's log, so a machine that belongs to labs alone.
 */
export type Needs = 'any' | 'root' | 'vm'

/** What is around the student at the start (section 5 of the format). */
export interface WorldSpec {
  readonly lan: LanSpec | undefined
}

/** Addresses of the `lan` world; `uplink.address` has a prefix length. */
export interface LanSpec {
  readonly uplink: { readonly name: string; readonly address: string }
  readonly gateway: string
  readonly client: string
}

export interface Section {
  readonly title: string
  readonly line: number
  readonly items: readonly Item[]
}

export interface Step extends Section {
  readonly id: string
  readonly experiments: readonly string[]
  readonly points: number | undefined
  readonly needs: readonly string[]
}

export type Item = Prose | Block | CheckItem | Question | Aside

/** Markdown that is only shown. */
export interface Prose {
  readonly kind: 'prose'
  readonly line: number
  readonly markdown: string
}

/** A `<details>`: a hint or a solution, shown when asked for. */
export interface Aside {
  readonly kind: 'aside'
  readonly line: number
  readonly role: 'hint' | 'solution' | 'note'
  readonly summary: string
  readonly markdown: string
}

/** Commands for one terminal, typed one after another. In an edition, a task is a solution without any. */
export interface Block {
  readonly kind: 'block'
  readonly line: number
  readonly form: 'sh' | 'console'
  readonly role: 'shown' | 'setup' | 'solution'
  /** The commands are not for the student to read by accident. */
  readonly sealed: boolean
  readonly terminal: string
  readonly background: boolean
  /** A background block ends with its step, or with the lab. */
  readonly until: 'step' | 'lab'
  /** What a background block has to provide before the next block is typed; undefined: nothing. */
  readonly ready: Ready | undefined
  /** Milliseconds that one command may take, or until a background block is ready. */
  readonly timeout: number
  readonly commands: readonly Command[]
  /** Of all commands together, from an `output` fence. */
  readonly expected: ExpectedOutput | undefined
}

/** A socket that listens, or a text in what it prints. */
export type Ready = { readonly port: number; readonly protocol: 'tcp' | 'udp' } | { readonly text: string }

export interface Command {
  readonly text: string
  readonly line: number
  /** The status that it must end with. */
  readonly exit: number | 'any'
  /** From a `console` fence. */
  readonly expected: ExpectedOutput | undefined
}

export interface ExpectedOutput {
  readonly line: number
  /** As written, without what stands before each of them in the file; of a transcript with its `[exit N]`. */
  readonly lines: readonly string[]
  readonly pattern: Expected
}

/** One item of a check block; `spec` is what the kind's schema made of it. */
export interface CheckItem {
  readonly kind: 'check'
  readonly line: number
  readonly column: number
  readonly check: string
  readonly spec: unknown
  /** As written, in one line: the name that people see. */
  readonly label: string
  readonly id: string | undefined
  readonly why: string | undefined
  /** Milliseconds; undefined: the kind's own default. */
  readonly within: number | undefined
  readonly points: number | undefined
  readonly needs: readonly string[]
  readonly hidden: boolean
  /** It holds before the step too, and only guards. */
  readonly guards: boolean
}

/** A `yaml question`; `answer` is as written in the file, and undefined in an edition. */
export interface Question {
  readonly kind: 'question'
  readonly line: number
  readonly ask: string
  readonly answer: unknown
  /** Shown to choose from; may be empty. */
  readonly choices: readonly (string | number)[]
  readonly tolerance: number | undefined
  readonly why: string | undefined
  readonly points: number | undefined
}

export function isStep(section: Section): section is Step {
  return 'id' in section
}
