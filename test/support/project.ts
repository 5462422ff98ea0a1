import { execFile, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Somebody's project outside of this one, in which labrun is installed as a package. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'labrun-project-'))
  /** What its programs are told beside what the tests themselves are. */
  environment: Readonly<Record<string, string>> = {}

  /** What npm would install: the files of the package, and beside it what it depends on. */
  constructor() {
    const modules = join(this.folder, 'node_modules')
    const own = join(modules, 'labrun')
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] }
    for (const file of ['package.json', ...files]) cpSync(join(ROOT, file), join(own, file), { recursive: true })
    const others = join(ROOT, 'node_modules')
    for (const name of readdirSync(others))
      if (!name.startsWith('.')) symlinkSync(join(others, name), join(modules, name))
    this.write('package.json', '{ "private": true, "type": "module" }')
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Runs a program of a package to its end. */
  async run(program: string, ...words: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const command = [join(this.folder, 'node_modules', program), ...words]
    return await new Promise((resolve) => {
      const env = { ...ENVIRONMENT, ...this.environment }
      execFile(process.execPath, command, { cwd: this.folder, env }, (error, stdout, stderr) =>
        resolve({ status: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
      )
    })
  }

  /** Starts a program of a package that goes on. */
  start(program: string, ...words: readonly string[]) {
    const command = [join(this.folder, 'node_modules', program), ...words]
    const env = { ...ENVIRONMENT, ...this.environment }
    return spawn(process.execPath, command, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  }
}

/** Not that of the tests, which are run by Vitest too. */
const ENVIRONMENT = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|VITE_|LABRUN_|NODE_OPTIONS$|NODE_ENV$|CI$|TEST$|GITHUB_)/.test(name),
    ),
  ),
  NO_COLOR: '1',
}
