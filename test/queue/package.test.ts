import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { Project } from '../support/project.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })
const project = new Project()
afterAll(() => project.remove())

test('labrun/queue is an entry of its own', async () => {
  project.write('queue.mjs', 'import * as queue from "labrun/queue"\nconsole.log(Object.keys(queue).sort().join())\n')
  const { stdout, stderr } = await project.run('../queue.mjs')
  expect(stdout, stderr).toBe('QueueExecutor,openStore,work\n')
})

test('who has not installed what it needs is told so, and misses nothing else', async () => {
  for (const name of ['bullmq', 'ioredis', 'aws4fetch']) rmSync(join(project.folder, 'node_modules', name))
  const words = ['worker', '--queue', 'redis://127.0.0.1:1', '--store', join(project.folder, 'store')]
  const { status, stderr } = await project.run('labrun/dist/cli.js', ...words)
  expect(stderr).toMatch(
    /needs the packages bullmq and ioredis, and they are not installed\n {2}→ npm install bullmq ioredis/,
  )
  expect(status).toBe(2)
  const inS3 = await project.run(
    'labrun/dist/cli.js',
    'worker',
    '--queue',
    'redis://127.0.0.1:1',
    '--store',
    's3://a-b/c',
  )
  expect(inS3.stderr).toMatch(/needs the package aws4fetch, and it is not installed\n {2}→ npm install aws4fetch/)
  expect(inS3.status).toBe(2)
  const help = await project.run('labrun/dist/cli.js', 'grade', '--help')
  expect(help.stdout).toContain('--queue <url>')
  project.write('main.mjs', 'import { parseLab } from "labrun"\nconsole.log(typeof parseLab)\n')
  expect((await project.run('../main.mjs')).stdout).toBe('function\n')
})
