/** What other programs may import of grading on several machines (`labrun/queue`). */
export type { GradeExecutor, GradeJob, GradeOutcome } from '../grade/executor.ts'
export type { GradeOne } from './execute.ts'
export { openStore } from './open-store.ts'
export { type QueueChoices, QueueExecutor } from './queue-executor.ts'
export type { Store } from './store.ts'
export { type WorkerChoices, work } from './worker.ts'
