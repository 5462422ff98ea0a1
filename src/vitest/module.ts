import { isStep, type Lab } from '../lab/lab.ts'

export interface ModuleOptions {
  /** Where the module finds `openLab`: an absolute path. */
  readonly runtime: string
  /** The lab's absolute path. */
  readonly file: string
  readonly verify: boolean
}

/**
 * The test module of a lab. Each of its tests stands in the very line in which the lab has the heading of the step, so
 * whatever knows the place of a test knows that of the step; names are literal, so that they are found without running.
 */
export function labModule(lab: Lab, { runtime, file, verify }: ModuleOptions): string {
  const lines = Array<string>(lab.source.length + 1).fill('')
  const last = lab.source.findLastIndex((line) => line.trim() !== '')
  lines[0] = [
    `import { afterAll, describe, test } from 'vitest'`,
    `import { openLab } from ${JSON.stringify(runtime)}`,
    `const lab = openLab(${JSON.stringify({ file, verify })})`,
    `describe(${JSON.stringify(lab.title)}, { sequential: true, shuffle: false }, () => { afterAll(lab.close, 60_000)`,
  ].join('; ')
  for (const { id, title, line } of lab.sections.filter(isStep))
    lines[line - 1] += `test(${JSON.stringify(title)}, lab.options, lab.step(${JSON.stringify(id)}));`
  if (verify) lines[last] += `test('leaves nothing behind', lab.options, lab.leavesNothing);`
  lines[last + 1] = '})'
  return lines.join('\n')
}

/** The module of a Markdown file that is no lab, or no lab any more. */
export function emptyModule(): string {
  return `import { describe, test } from 'vitest'; describe.skip('no lab: there is no \`labrun:\` in its front matter', () => { test('') })`
}

/** The module of a lab that cannot be run. */
export function brokenModule({ runtime, file }: Pick<ModuleOptions, 'runtime' | 'file'>): string {
  return `import { openLab } from ${JSON.stringify(runtime)}; openLab(${JSON.stringify({ file, verify: false })})`
}
