import { defineConfig } from 'vitest/config'
import { labrun } from '../src/vitest/vitest.ts'

export default defineConfig({
  // The labs that come with labrun are proven as those of everybody else.
  plugins: [labrun({ labs: 'labs', verify: true })],
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // They need a virtual machine: `npm run test:vm`.
    exclude: ['test/vm/**'],
    setupFiles: ['test/setup.ts'],
    // Real worlds on machines of which nobody knows how busy they are.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A second try is told in the report; where tests are written there is none.
    retry: process.env.CI ? 1 : 0,
  },
})
