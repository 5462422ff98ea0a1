import { Trouble } from '../machine/trouble.ts'

/** The queue, or the store that the machines share, cannot be used. */
export class QueueError extends Trouble {}
