import type { Interruptible } from '../run/pace.ts'
import type { Surroundings } from '../surroundings.ts'

/**
 * Ctrl-C is for the work that is under way, as in any terminal; where there is none, it ends labrun, as does `signal` at any
 * time.
 */
export function interruptible({ signal, onInterrupt }: Omit<Surroundings, 'onTerminate'>): Interruptible {
  const working = new Set<AbortController>()
  let release = () => {}
  return async (work) => {
    const current = new AbortController()
    if (working.size === 0) {
      release = onInterrupt(() => {
        for (const one of working) one.abort()
      })
    }
    working.add(current)
    try {
      return await work(AbortSignal.any([signal, current.signal]))
    } finally {
      working.delete(current)
      if (working.size === 0) release()
    }
  }
}
