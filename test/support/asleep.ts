import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether `sleep SECONDS` runs in some world on this machine: a number that nobody else sleeps finds its process. */
export function isAsleep(seconds: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${seconds}\0`
    } catch {
      return false
    }
  })
}

/** Waits until a condition is true; throws if that takes longer than so many seconds. */
export async function until(condition: () => boolean, seconds = 10): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn > seconds * 10) throw new Error(`it did not come true within ${seconds} s`)
    await delay(100)
  }
}
