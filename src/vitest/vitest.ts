import { existsSync, realpathSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vitest/config'
import { checks } from '../checks/index.ts'
import { isLabFile, LabNotFound, labsBefore, labsIn, loadLab, markdownIn } from '../commands/labs.ts'
import { LabError } from '../lab/problem.ts'
import { brokenModule, emptyModule, labModule } from './module.ts'

export interface LabrunOptions {
  /** Lab files, and folders whose labs are run, also those in folders below; default: the root of the project. */
  readonly labs?: string | readonly string[]
  /** Also prove that each check fails before its step, as `labrun verify` does. It takes about twice as long. */
  readonly verify?: boolean
}

/**
 * A plug-in with which Vitest runs labs as test files: `plugins: [labrun({ labs: 'labs' })]`. A lab is a `describe`, a
 * step is a `test`, and what fails points into the Markdown.
 */
export function labrun({ labs = '.', verify = false }: LabrunOptions = {}): Plugin {
  const wanted = typeof labs === 'string' ? [labs] : labs
  const others = new Set<string>()
  return {
    name: 'labrun',
    enforce: 'pre',
    configureVitest({ vitest, project: { config } }) {
      const places = placesOf(wanted, config.root)
      const from = config.dir || config.root
      for (const { path, isFolder } of places) {
        if (!isFolder) {
          config.include.push(pattern(from, path))
          continue
        }
        // The pattern also finds labs that are written while Vitest watches. Other Markdown is no test.
        const folder = pattern(from, path)
        config.include.push(`${folder && `${folder}/`}**/*.md`)
        config.exclude.push(`${folder && `${folder}/`}**/.*/**`)
        for (const file of markdownIn(path).filter((one) => !isLabFile(one))) {
          others.add(file)
          config.exclude.push(pattern(from, file))
        }
      }
      vitest.config.watchTriggerPatterns ??= []
      vitest.config.watchTriggerPatterns.push({
        pattern: /\.md$/,
        testsToRun: (file) => labsToRunAgain(resolve(file), places),
      })
    },
    load(id) {
      if (!id.endsWith('.md') || others.has(id)) return undefined
      const places = placesOf(wanted, this.environment.config.root)
      return isAmong(id, places) ? { code: moduleOf(id, verify), map: null } : undefined
    },
  }
}

interface Place {
  readonly path: string
  readonly isFolder: boolean
}

function placesOf(wanted: readonly string[], root: string): Place[] {
  return wanted.map((name) => {
    const path = resolve(root, name)
    if (!existsSync(path)) throw new LabNotFound(`labrun({ labs }): there is no file or folder ${path}`)
    return { path, isFolder: statSync(path).isDirectory() }
  })
}

function isAmong(file: string, places: readonly Place[]): boolean {
  return places.some(({ path, isFolder }) =>
    [path, realpathSync(path)].some((one) => (isFolder ? file.startsWith(one + sep) : file === one)),
  )
}

/** A path as a glob pattern that stands for nothing but it. */
function pattern(from: string, path: string): string {
  return relative(from, path)
    .replaceAll(sep, '/')
    .replace(/[()[\]{}*?|!+@\\]/g, '\\$&')
}

/** This file from the sources, or its part of the bundle; the other one lies beside it. */
const runtime = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? 'vitest-lab.ts' : 'vitest-lab.js', import.meta.url),
)

function moduleOf(file: string, verify: boolean): string {
  if (!isLabFile(file)) return emptyModule()
  try {
    const lab = loadLab(file, checks)
    labsBefore(lab, checks)
    return labModule(lab, { runtime, file, verify })
  } catch (error) {
    if (!(error instanceof LabError || error instanceof LabNotFound)) throw error
    return brokenModule({ runtime, file })
  }
}

/** The labs that start from a changed one, and itself; undefined if none does: then Vitest knows what to do. */
function labsToRunAgain(changed: string, places: readonly Place[]): string[] | undefined {
  const all = places.flatMap(({ path, isFolder }) => (isFolder ? labsIn(path) : [path]))
  const needing = all.filter((file) => file !== changed && startsFrom(file, changed))
  if (needing.length === 0) return undefined
  return all.includes(changed) ? [changed, ...needing] : needing
}

function startsFrom(file: string, other: string): boolean {
  try {
    return labsBefore(loadLab(file, checks), checks).some(({ lab }) => resolve(lab.file) === other)
  } catch (error) {
    if (error instanceof LabError || error instanceof LabNotFound) return true
    throw error
  }
}
