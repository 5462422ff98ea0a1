#!/usr/bin/env node
import { packageVersion } from './package.ts'

// The answer to `--version` needs nothing else; each command loads only what it uses.
if (process.argv.length === 3 && ['--version', '-V'].includes(process.argv[2]!)) {
  process.stdout.write(`${packageVersion()}\n`)
} else {
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv)
}
