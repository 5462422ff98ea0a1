import { setTimeout as delay } from 'node:timers/promises'
import type { DiagnosisQuestion } from '../checks/check.ts'
import type { World } from '../world/world.ts'

/** Milliseconds: it takes one or two seconds, but more where much else is done, or in a virtual machine without help of the processor. */
const PATIENCE = 20_000

/**
 * Why the packet that a failed check asks for did not get through, for people; null where that is not found out in time.
 * Never rejects: a diagnosis is help, and a verdict does not depend on it.
 */
export async function diagnosisOf(
  ask: () => DiagnosisQuestion | undefined,
  {
    world,
    signal,
    patience = PATIENCE,
  }: { readonly world: World; readonly signal: AbortSignal; readonly patience?: number | undefined },
): Promise<string | null> {
  const over = new AbortController()
  const stop = () => over.abort()
  signal.addEventListener('abort', stop)
  try {
    const question = signal.aborted ? undefined : ask()
    if (!question) return null
    // Only what has failed needs it.
    const [{ diagnose }, { inWords }] = await Promise.all([
      import('../diagnose/diagnose.ts'),
      import('../diagnose/messages.ts'),
    ])
    const tooLong = delay(patience, undefined, { signal: over.signal })
    const found = await Promise.race([diagnose(world, question), tooLong])
    return found ? inWords(found) : null
  } catch {
    return null
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}
