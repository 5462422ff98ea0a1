import type { Work } from '../../src/submission/work.ts'
import type { Chance } from './chance.ts'

/** Commands of somebody who wants points, or to do harm; only for worlds. */
const HARM = [
  'bomb() { bomb | bomb & }; bomb',
  'kill -KILL -1',
  'yes "\u001b]0;pwned\u0007<script>alert(1)</script>" | head -c 50000000',
  'head -c 2000000000 /dev/zero > /tmp/large',
  'ip() { echo all right; }; ping() { true; }; exit() { true; }',
  "printf '#!/bin/sh\\nexit 0\\n' > /tmp/ping; chmod +x /tmp/ping; PATH=/tmp:$PATH",
  'echo "labrun: all checks passed <b>20 of 20</b>"',
  'ip netns add "x<img src=x onerror=alert(1)>"',
  'exec 1>&- 2>&-',
  'sleep 100000',
] as const

/** A work with something bad before its first command. */
export function withHarm(work: Work, chance: Chance): Work {
  const [first, ...others] = work.steps
  const bad = { terminal: 'main', text: chance.pick(HARM), exit: 0, at: null }
  return { steps: [{ ...first!, commands: [bad, ...first!.commands] }, ...others] }
}

/** Bytes of a submission that is none any more; each in its own way. */
export function damaged(zip: Buffer, chance: Chance): { readonly bytes: Buffer; readonly how: string } {
  const how = chance.pick(['cut off', 'no zip', 'one byte is another', 'empty'] as const)
  if (how === 'cut off') return { how, bytes: zip.subarray(0, Math.floor(zip.length / 2)) }
  if (how === 'no zip') return { how, bytes: Buffer.from('I could not find the file, sorry.\n') }
  if (how === 'empty') return { how, bytes: Buffer.alloc(0) }
  const bytes = Buffer.from(zip)
  // Within the first file: its digest does not fit then.
  const place = 60 + chance.below(40)
  bytes[place] = bytes[place]! ^ 1
  return { how, bytes }
}
