import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import type { GradeJob } from '../grade/executor.ts'
import { packageVersion } from '../package.ts'
import type { Kind, Store } from './store.ts'
import { QueueError } from './trouble.ts'

const FILE = z.object({ path: z.string(), sha256: z.string() })

/** What is in the store about one job: the job without the student's name, and which files belong to it. */
const ORDER = z.object({
  labrun: z.literal('order'),
  version: z.literal(1),
  by: z.string(),
  bundle: FILE,
  lab: z.object({ main: z.string(), files: z.array(FILE) }),
  job: z.looseObject({ digest: z.string() }),
})

/** All files that a lab consists of: its own and those of the labs that it starts from. */
export type LabFiles = (labFile: string) => readonly string[]

/** Puts jobs with all their files into a store. A lab is read once, however many jobs it has. */
export class Sender {
  readonly #store: Store
  readonly #labFiles: LabFiles
  readonly #labs = new Map<string, Promise<z.infer<typeof ORDER>['lab']>>()

  constructor(store: Store, labFiles: LabFiles) {
    this.#store = store
    this.#labFiles = labFiles
  }

  /** Afterwards any machine with this store can do the job. Names from the roster stay here. */
  async send(job: GradeJob): Promise<void> {
    const sent = this.#labs.get(job.labFile) ?? this.#sendLab(job.labFile)
    this.#labs.set(job.labFile, sent)
    const order: z.infer<typeof ORDER> = {
      labrun: 'order',
      version: 1,
      by: packageVersion(),
      bundle: { path: basename(job.bundleFile), sha256: await this.#sendFile('bundles', job.bundleFile) },
      lab: await sent,
      job: { ...job, student: { pseudonym: job.student.pseudonym, id: null, name: null } },
    }
    await this.#store.put('orders', job.digest, Buffer.from(JSON.stringify(order)))
  }

  async #sendLab(labFile: string): Promise<z.infer<typeof ORDER>['lab']> {
    const main = resolve(labFile)
    const all = [...new Set([main, ...this.#labFiles(labFile).map((file) => resolve(file))])]
    const root = commonFolder(all)
    const path = (file: string) => relative(root, file).split(sep).join('/')
    const files: z.infer<typeof FILE>[] = []
    for (const file of all) files.push({ path: path(file), sha256: await this.#sendFile('labs', file) })
    return { main: path(main), files }
  }

  async #sendFile(kind: Kind, file: string): Promise<string> {
    const bytes = await readFile(file)
    const sha256 = sha256Of(bytes)
    if (!(await this.#store.has(kind, sha256))) await this.#store.put(kind, sha256, bytes)
    return sha256
  }
}

/** Writes the files of a job into an empty folder; the job that is returned names them there. Rejects with QueueError. */
export async function receive(store: Store, digest: string, folder: string): Promise<GradeJob> {
  const order = await readOrder(store, digest)
  const write = async (kind: Kind, { path, sha256 }: z.infer<typeof FILE>) => {
    const bytes = await store.get(kind, sha256)
    if (!bytes) throw incomplete(store, digest, `${kind}/${sha256}`)
    if (sha256Of(bytes) !== sha256)
      throw new QueueError('store-damaged', `${kind}/${sha256} in the store ${store.name} is not what it was`, [
        `remove it there and start \`labrun grade\` again: it is sent anew`,
      ])
    const file = within(join(folder, kind), path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, bytes, { mode: 0o600 })
    return file
  }
  const bundleFile = await write('bundles', order.bundle)
  for (const file of order.lab.files) await write('labs', file)
  const labFile = within(join(folder, 'labs'), order.lab.main)
  return { ...(order.job as unknown as GradeJob), bundleFile, labFile }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readOrder(store: Store, digest: string): Promise<z.infer<typeof ORDER>> {
  const bytes = await store.get('orders', digest)
  if (!bytes) throw incomplete(store, digest, `orders/${digest}`)
  const order = ORDER.safeParse(JSON.parse(String(bytes)))
  if (order.success && order.data.job.digest === digest) return order.data
  throw new QueueError('order-unreadable', `orders/${digest} in the store ${store.name} is no order of this version`, [
    'all machines need the same version of labrun',
  ])
}

function incomplete(store: Store, digest: string, missing: string): QueueError {
  return new QueueError('store-incomplete', `for ${digest}, ${missing} is not in the store ${store.name}`, [
    'is it the same store as that of `labrun grade`?',
  ])
}

function commonFolder(files: readonly string[]): string {
  let folder = dirname(files[0]!)
  const holds = (file: string) => !relative(folder, file).startsWith('..')
  while (!files.every(holds)) folder = dirname(folder)
  return folder
}

/** The store is written by others too: no path of it may lead elsewhere. */
function within(folder: string, path: string): string {
  const plain = normalize(path)
  if (isAbsolute(plain) || plain.split(sep).includes('..'))
    throw new QueueError('order-unreadable', `a path in the store leads out of it: ${path}`, [])
  return join(folder, plain)
}
