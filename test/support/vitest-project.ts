import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Project } from './project.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
/** Vitest's program, in `node_modules`. */
export const VITEST = 'vitest/vitest.mjs'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
      readonly location?: { readonly line: number }
    }[]
  }[]
}

/** Somebody's project with labs good and bad, whose tests are run by Vitest. */
export class VitestProject extends Project {
  constructor() {
    super()
    const copy = (from: string, to: string) => cpSync(join(FIXTURES, from), join(this.folder, to))
    for (const name of ['cable', 'room', 'door', 'late', 'machine']) copy(`vitest/${name}.md`, `labs/${name}.md`)
    for (const name of ['step-before', 'any-output']) copy(`rotten/${name}.md`, `rotten/${name}.md`)
    copy('mistakes.md', 'mistakes/mistakes.md')
    this.write('labs/README.md', '# About these labs\n\nThis is no lab.\n')
    this.write('labs/deep/node_modules/other/lab.md', '---\nlabrun: 1\n---\n')
    this.configure({ labs: 'labs' })
  }

  configure(options: object): void {
    this.write(
      'vitest.config.ts',
      `import { labrun } from 'labrun/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({ plugins: [labrun(${JSON.stringify(options)})], test: { includeTaskLocation: true } })
`,
    )
  }

  /** Runs the tests; gives them by their file, and in the form `status line title`. */
  async test(...words: readonly string[]) {
    const { status, stdout, stderr } = await this.run(VITEST, 'run', '--reporter=json', ...words)
    const start = stdout.indexOf('{"numTotalTestSuites"')
    if (start < 0) throw new Error(`no report:\n${stdout}\n${stderr}`)
    const { testResults } = JSON.parse(stdout.slice(start)) as Report
    const files = testResults.map(({ name }) => name.slice(this.folder.length + 1)).toSorted()
    const file = (name: string) => testResults.find((one) => one.name === join(this.folder, name))!
    const tests = (name: string) =>
      file(name).assertionResults.map((one) => `${one.status} ${one.location?.line} ${one.title}`)
    const failures = (name: string, title: string) =>
      file(name)
        .assertionResults.find((one) => one.title === title)!
        .failureMessages.map((message) => this.#readFailure(message))
    return { status, files, file, tests, failures }
  }

  /** As people see it. */
  async watchTest(...words: readonly string[]): Promise<{ status: number; text: string }> {
    const { status, stdout, stderr } = await this.run(VITEST, 'run', ...words)
    return { status, text: stdout + stderr }
  }

  /** Where a failure message leads to, and what it says. */
  #readFailure(message: string): { place: string | undefined; text: string } {
    const [, text = '', place] = /^([\s\S]*)\n {4}at (.*)$/.exec(message) ?? []
    return { place: place?.replace(`${this.folder}/`, ''), text }
  }
}
