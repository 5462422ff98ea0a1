import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CheckKind } from '../lab/check-block.ts'
import type { Lab, Step } from '../lab/lab.ts'
import { type ChooseValues, type ParseResult, parseLab, parseLabOrThrow } from '../lab/parse.ts'
import { didYouMean } from '../lab/suggest.ts'
import { packageRoot } from '../package.ts'
import { type LabText, valuesFrom } from './values.ts'

type Kinds = ReadonlyMap<string, CheckKind>
/** Chooses the values of a lab that was read. */
type Choose = (lab: LabText) => ChooseValues

/** A lab that was asked for by a name or path is not there, or cannot be read. */
export class LabNotFound extends Error {
  /** The message without the names that there are instead. */
  readonly brief: string
  readonly names: readonly string[]

  constructor(message: string, names: readonly string[] = []) {
    super(names.length > 0 ? `${message} ${names.join(', ')}` : message)
    this.name = 'LabNotFound'
    this.brief = message
    this.names = names
  }
}

/** The files of the labs that come with the package, without its exams. */
export function shippedLabs(): string[] {
  return shippedIn('labs/').filter((file) => !shippedExams().includes(file))
}

/** The files of the exams that come with the package. */
export function shippedExams(): string[] {
  return shippedIn('labs/exams/')
}

/** The file of a lab: a path, or the name of a shipped one with or without `.md`, or its number. Throws LabNotFound. */
export function findLab(name: string): string {
  if (existsSync(name) && statSync(name).isFile()) return name
  const shipped = [...shippedLabs(), ...shippedExams()]
  const wanted = basename(name).replace(/\.md$/, '')
  // What has a folder in it is a path, and no name.
  const found = basename(name) === name ? shipped.find((file) => isCalled(basename(file, '.md'), wanted)) : undefined
  if (found) return fromHere(found)
  const names = shipped.map((file) => basename(file, '.md'))
  const meant = didYouMean(wanted, names)
  if (meant) throw new LabNotFound(`there is no lab ${name}\n  ${meant}`)
  throw new LabNotFound(`there is no lab ${name}\n  labs that come with labrun, by name or number:`, names)
}

/** Whether that is the lab's name, or the number that the name begins with. */
export function isCalled(lab: string, name: string): boolean {
  return lab === name || (/^\d+$/.test(name) && Number(/^\d+(?=-)/.exec(lab)?.[0]) === Number(name))
}

/** As findLab for each; a folder stands for all labs in it, also in folders below. */
export function findLabs(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (!existsSync(name) || !statSync(name).isDirectory()) return [findLab(name)]
    const found = labsIn(name)
    if (found.length === 0)
      throw new LabNotFound(`there is no lab in ${name}: no *.md file with front matter \`labrun:\``)
    return found
  })
}

/** Reads and parses a lab file; throws LabNotFound where it cannot be read, and what `choose` throws. */
export function readLab(file: string, kinds: Kinds, choose: Choose = valuesFrom()): ParseResult {
  const text = readText(file)
  return parseLab(text, file, kinds, choose({ text, file }))
}

/** Reads a lab that must be without a mistake; throws LabError or LabNotFound, and what `choose` throws. */
export function loadLab(file: string, kinds: Kinds, choose: Choose = valuesFrom()): Lab {
  const text = readText(file)
  return parseLabOrThrow(text, file, kinds, choose({ text, file }))
}

/** The steps of the labs that a lab starts from (`from`), the earliest first. Throws LabError or LabNotFound. */
export function stepsBefore(lab: Lab, kinds: Kinds): Step[] {
  return labsBefore(lab, kinds).flatMap(({ steps }) => steps)
}

/** A lab that another one starts from, and the steps of it that are done. */
export interface LabBefore {
  readonly lab: Lab
  readonly steps: readonly Step[]
}

/** The labs that a lab starts from, the earliest first. Throws LabError or LabNotFound. */
export function labsBefore(lab: Lab, kinds: Kinds, above: readonly string[] = []): LabBefore[] {
  if (!lab.from) return []
  const [name = '', until] = lab.from.split('#')
  const beside = join(dirname(lab.file), `${name}.md`)
  const file = existsSync(beside) ? beside : findLab(name)
  const chain = [...above, resolve(lab.file)]
  if (chain.includes(resolve(file))) throw new LabNotFound(`${lab.file}: \`from: ${lab.from}\` leads back to this lab`)
  const first = loadLab(file, kinds)
  const index = until ? first.steps.findIndex((step) => step.id === until) : first.steps.length - 1
  if (index < 0) {
    const advice =
      didYouMean(
        until!,
        first.steps.map((step) => step.id),
      ) ?? ''
    throw new LabNotFound(`${lab.file}: \`from: ${lab.from}\`: ${name} has no step ${until}\n  ${advice}`)
  }
  return [...labsBefore(first, kinds, chain), { lab: first, steps: first.steps.slice(0, index + 1) }]
}

/** All labs in a folder and in those below it. */
export function labsIn(folder: string): string[] {
  return markdownIn(folder).filter(isLabFile).toSorted()
}

/** All Markdown files in a folder and in those below it, but not what belongs to others: packages and hidden folders. */
export function markdownIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return /^(\.|node_modules$)/.test(entry.name) ? [] : markdownIn(path)
    return entry.isFile() && entry.name.endsWith('.md') ? [path] : []
  })
}

/** Whether a Markdown file has the front matter of a lab. Throws LabNotFound where it cannot be read. */
export function isLabFile(file: string): boolean {
  return /^\uFEFF?---\r?\n(?:(?!---)[^\n]*\n)*?labrun\s*:/.test(readText(file).slice(0, 4096))
}

/** The text of a lab file. Throws LabNotFound. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new LabNotFound(`cannot read ${file}: ${(error as Error).message}`)
  }
}

function shippedIn(name: string): string[] {
  const folder = fileURLToPath(new URL(name, packageRoot))
  return existsSync(folder) ? labsIn(folder) : []
}

function fromHere(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
