/** What a command is told by the command line, apart from its own options. */
export interface Surroundings {
  /** Aborted by Ctrl-C, or when labrun is asked to end. */
  readonly signal: AbortSignal
  /** Takes Ctrl-C over until the function that is returned is called. */
  readonly onInterrupt: (handler: () => void) => () => void
  /** The same for a request to end (SIGTERM). */
  readonly onTerminate: (handler: () => void) => () => void
}
