/** What other programs may import of grading on several machines (`labrun/queue`). */
export type { GradeExecutor, GradeJob, GradeOutcome } from '../grade/executor.ts'
export type { GradeOne } from './execute.ts'
export { QueueExecutor, type QueueChoices } from './queue-executor.ts'
export { openStore, type Store } from './store.ts'
export { type WorkerChoices, work } from './worker.ts'
