import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

/** A module of this folder, which is TypeScript, for programs that Node runs as they are. */
export async function loadModule(name) {
  // Beside the packages that it needs, and of this process alone.
  const file = fileURLToPath(new URL(`../../node_modules/.cache/${process.pid}-${name}.mjs`, import.meta.url))
  try {
    await build({
      input: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
      platform: 'node',
      external: ['write-file-atomic'],
      logLevel: 'warn',
      output: { file, format: 'esm', codeSplitting: false },
    })
    return await import(file)
  } finally {
    rmSync(file, { force: true })
  }
}
