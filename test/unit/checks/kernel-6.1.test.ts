// The same judgements, of what was recorded with an older kernel. Vitest gives each file a process of its own.
process.env.LABRUN_SEEN_KERNEL = '6.1'
await Promise.all([
  import('./capture.test.ts'),
  import('./capture-file.test.ts'),
  import('./conntrack.test.ts'),
  import('./facts.test.ts'),
  import('./mirror.test.ts'),
  import('./path.test.ts'),
  import('./ping.test.ts'),
  import('./rules-judge.test.ts'),
  import('./trace.test.ts'),
])

export {}
