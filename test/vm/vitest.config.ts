import { defineConfig } from 'vitest/config'

/** What only a virtual machine can show: `npm run test:vm`. One after the other, because the last tests break the machine. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/vm/*.test.ts'],
    globalSetup: ['test/vm/machine.ts'],
    setupFiles: ['test/setup.ts'],
    fileParallelism: false,
    sequence: { sequencer: (await import('./order.ts')).InOrder },
    // Emulated, a machine is ten times slower and more.
    testTimeout: 600_000,
    maxConcurrency: 3,
    hookTimeout: 900_000,
    retry: process.env.CI ? 1 : 0,
  },
})
