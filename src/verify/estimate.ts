/** One lab whose proof takes time. */
export interface Task {
  readonly name: string
  /** How many commands, outputs and checks it has: a measure of its time where nothing else is known. */
  readonly size: number
  /** Milliseconds that it took the last time; undefined: unknown. */
  readonly last: number | undefined
}

interface Running {
  readonly since: number
  share: number
}

/** Foretells how long the proof of several labs still takes, from earlier proofs and from what is done already. */
export class Estimate {
  readonly #waiting: Set<Task>
  readonly #running = new Map<Task, Running>()
  readonly #done: { size: number; duration: number }[]
  readonly #jobs: number
  readonly #now: () => number

  /** `now` is a clock in milliseconds. */
  constructor(tasks: readonly Task[], jobs: number, now: () => number = () => performance.now()) {
    this.#waiting = new Set(tasks)
    this.#done = tasks.flatMap(({ size, last }) => (last === undefined ? [] : [{ size, duration: last }]))
    this.#jobs = jobs
    this.#now = now
  }

  begin(task: Task): void {
    this.#waiting.delete(task)
    this.#running.set(task, { since: this.#now(), share: 0 })
  }

  /** How much of a task that runs is done: from 0 to 1. */
  advance(task: Task, share: number): void {
    const running = this.#running.get(task)
    if (running) running.share = share
  }

  end(task: Task): void {
    const running = this.#running.get(task)
    if (running) this.#done.push({ size: task.size, duration: this.#now() - running.since })
    this.#running.delete(task)
  }

  /** Those that run, with how much of each is done. */
  get running(): { readonly name: string; readonly share: number }[] {
    return [...this.#running].map(([{ name }, { share }]) => ({ name, share }))
  }

  /** Milliseconds until all is done; undefined as long as nothing is known. */
  left(): number | undefined {
    const parts = [
      ...[...this.#running].map(([task, running]) => this.#leftOf(task, running)),
      ...[...this.#waiting].map((task) => this.#whole(task)),
    ]
    const known = parts.filter((part) => part !== undefined)
    if (known.length < parts.length) return undefined
    const sum = known.reduce((total, part) => total + part, 0)
    return Math.max(0, sum / Math.max(1, Math.min(this.#jobs, known.length)), ...known)
  }

  #leftOf(task: Task, { since, share }: Running): number | undefined {
    const elapsed = this.#now() - since
    const whole = this.#whole(task)
    // It takes longer than it should: what is done of it is the better measure.
    if (whole !== undefined && elapsed < whole) return whole - elapsed
    return share > 0 ? (elapsed * (1 - share)) / share : whole === undefined ? undefined : 0
  }

  #whole({ size, last }: Task): number | undefined {
    return last ?? this.#pace(size)
  }

  #pace(size: number): number | undefined {
    const total = this.#done.reduce(
      (sum, one) => ({ size: sum.size + one.size, duration: sum.duration + one.duration }),
      NOTHING,
    )
    if (total.size > 0) return (total.duration / total.size) * size
    // Only those that run can tell.
    const rates = [...this.#running].flatMap(([task, { since, share }]) =>
      share > 0 ? (this.#now() - since) / share / task.size : [],
    )
    return rates.length > 0 ? (rates.reduce((sum, rate) => sum + rate, 0) / rates.length) * size : undefined
  }
}

const NOTHING = { size: 0, duration: 0 }

/** `about 40 s left`, or minutes where there are many. */
export function inTime(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  if (seconds < 100) return `about ${Math.max(1, seconds)} s left`
  return `about ${Math.round(seconds / 60)} min left`
}
