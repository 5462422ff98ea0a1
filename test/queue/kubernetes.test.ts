import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { Graded } from '../../src/grade/model.ts'
import { kubernetesJob } from '../../src/queue/kubernetes.ts'
import { workOf } from '../grade/replay.ts'
import { ClassOnQueue } from './class-on-queue.ts'
import { publishedSchema } from './published-schema.ts'
import { endAll, Running } from './running.ts'
import { S3Server } from './s3-server.ts'

afterEach(endAll)

const CHOICES = {
  batch: 'ab'.repeat(32),
  submissions: 30,
  parts: 4,
  jobs: 2,
  image: 'registry.example.org/labrun:1',
  place: { kind: 'claim', claim: 'course', name: '/srv/labrun' },
} as const
const S3 = {
  kind: 's3',
  name: 's3://course/exam',
  secret: 'course-key',
  region: 'eu-central-1',
  endpoint: 'https://s3.example.org',
} as const

interface JobDocument {
  readonly spec: {
    readonly completions: number
    readonly template: {
      readonly spec: { readonly containers: readonly [{ readonly command: string[]; readonly args: string[] }] }
    }
  }
}

function documents(text: string): { readonly claim: unknown; readonly job: JobDocument } {
  const [claim, job] = parseAllDocuments(text).map((one) => {
    if ('errors' in one) expect(one.errors).toEqual([])
    return one.toJS() as unknown
  })
  return { claim, job: job as JobDocument }
}

test('the claim and the Job are what Kubernetes’ published schema asks for', () => {
  const { claim, job } = documents(kubernetesJob(CHOICES))
  const isJob = publishedSchema('IoK8sApiBatchV1Job.js', 'io.k8s.api.batch.v1.Job')
  const isClaim = publishedSchema('IoK8sApiCoreV1PersistentVolumeClaim.js', 'io.k8s.api.core.v1.PersistentVolumeClaim')
  isJob(job)
  isClaim(claim)
  expect([isJob.errors, isClaim.errors]).toEqual([null, null])
  expect(job).toMatchObject({
    spec: {
      completionMode: 'Indexed',
      completions: 4,
      template: {
        spec: {
          hostUsers: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Unconfined' } },
          containers: [{ image: CHOICES.image, securityContext: { procMount: 'Unmasked' } }],
          volumes: [{ persistentVolumeClaim: { claimName: 'course' } }, {}],
        },
      },
    },
  })
  expect(JSON.stringify(job)).not.toContain('"privileged"')
})

test('with a store in S3 there is no volume, and the key comes from a Secret', () => {
  const [job, ...more] = parseAllDocuments(kubernetesJob({ ...CHOICES, place: S3 })).map((one) => one.toJS() as unknown)
  expect(more).toEqual([])
  const isJob = publishedSchema('IoK8sApiBatchV1Job.js', 'io.k8s.api.batch.v1.Job')
  isJob(job)
  expect(isJob.errors).toBeNull()
  const fromSecret = (key: string) => ({
    name: key,
    valueFrom: { secretKeyRef: expect.objectContaining({ name: 'course-key', key }) },
  })
  const { template } = (job as JobDocument).spec
  expect(template.spec).toMatchObject({ volumes: [{ name: 'tmp' }] })
  expect(template.spec.containers[0]).toMatchObject({
    args: ['--store', 's3://course/exam', '--batch', CHOICES.batch, '--parts', '4', '--jobs', '2'],
    env: [
      { name: 'HOME' },
      { name: 'AWS_REGION', value: 'eu-central-1' },
      { name: 'AWS_ENDPOINT_URL', value: 'https://s3.example.org' },
      ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map(fromSecret),
    ],
    volumeMounts: [{ name: 'tmp' }],
  })
})

test.each([
  ['a field that is not known', { completionmode: 'Indexed' }],
  ['another type', { completions: 'four' }],
  ['a value that is not known', { completionMode: 'Sorted' }],
])('the check of the schema finds %s', (_name, wrong) => {
  const { job } = documents(kubernetesJob(CHOICES))
  const isJob = publishedSchema('IoK8sApiBatchV1Job.js', 'io.k8s.api.batch.v1.Job')
  expect(isJob({ ...job, spec: { ...job.spec, ...wrong } })).toBe(false)
  const [container] = job.spec.template.spec.containers
  const pod = { ...job.spec.template.spec, containers: [{ ...container, volumeMount: [] }] }
  expect(isJob({ ...job, spec: { ...job.spec, template: { spec: pod } } })).toBe(false)
})

test('names that are not for YAML do not break out of it; there are no more pods than submissions', () => {
  const image = 'a"\n      hostPID: true #'
  const { job } = documents(
    kubernetesJob({
      ...CHOICES,
      image,
      submissions: 2,
      place: { ...CHOICES.place, name: 'x\nkind: Secret' },
    }),
  )
  expect(job.spec.template.spec).not.toHaveProperty('hostPID')
  expect(job).toMatchObject({ spec: { completions: 2, template: { spec: { containers: [{ image }] } } } })
  const claim = { ...CHOICES.place, claim: 'a: b' }
  expect(() => kubernetesJob({ ...CHOICES, place: claim })).toThrow('no name of a volume claim')
  expect(() => kubernetesJob({ ...CHOICES, place: { ...S3, secret: 'a: b' } })).toThrow('no name of a Secret')
})

/** What a pod of a Job runs, on this machine. */
function podOf(
  job: JobDocument,
  here: ClassOnQueue,
  index: number,
  env: Readonly<Record<string, string>> = {},
): Running {
  const [{ command, args }] = job.spec.template.spec.containers
  const words = [...command, ...args].slice(1).map((word) => (word === '/store' ? here.store : word))
  return new Running({ ...env, JOB_COMPLETION_INDEX: String(index) }, ...words)
}

test('the pods of the Job grade the class; one that was killed is begun again; the results are collected', async () => {
  const here = await ClassOnQueue.of(undefined, 5)
  const emit = here.grade('--emit', 'kubernetes', '--parts', '2', '--jobs', '2')
  expect(await emit.end(), emit.output).toBe(0)
  const { job } = documents(emit.output)
  const pod = (index: number) => podOf(job, here, index)
  expect(job.spec.completions).toBe(2)
  const first = pod(0)
  await first.says(/part 0 of 2: 3 submissions, 2 at a time/)
  await first.says(/[0-9a-f]{12} s\w+: graded/)
  first.kill('SIGKILL')
  await first.end()
  const pods = [pod(0), pod(1)]
  for (const one of pods) expect(await one.end(), one.output).toBe(0)
  expect(here.stored('results')).toHaveLength(5)

  const collect = here.grade()
  expect(await collect.end(), collect.output).toBe(0)
  const { seen, due } = here.points()
  expect(seen).toEqual(due)
  expect(
    here
      .graded()
      .map(({ student }) => student.id)
      .toSorted(),
  ).toEqual(Object.keys(due))
  here.remove()
}, 300_000)

test('the same with a store in S3: the file has no key in it, and what pods have graded is collected', async () => {
  const server = await S3Server.start()
  const env = { ...server.environment, AWS_SESSION_TOKEN: 'a-token-of-the-test' }
  const here = await ClassOnQueue.of(undefined, 2, { store: server.place('exam'), env })
  const emit = here.grade('--emit', 'kubernetes', '--parts', '2', '--secret', 'course-key')
  expect(await emit.end(), emit.output).toBe(0)
  expect(emit.output).not.toMatch(/S3RVER|a-token-of-the-test/)
  const job = parseAllDocuments(emit.output)[0]!.toJS() as JobDocument
  for (const index of [0, 1]) {
    const pod = podOf(job, here, index, env)
    expect(await pod.end(), pod.output).toBe(0)
  }
  const collect = here.grade('--on', 'ssh:nobody@127.0.0.1')
  expect(await collect.end(), collect.output).toBe(0)
  const { seen, due } = here.points()
  expect(seen).toEqual(due)
  here.remove()
  await server.stop()
}, 300_000)

test('a part that is told to let go says so, and a part that does not exist is refused', async () => {
  const here = await ClassOnQueue.of(undefined, 1)
  await here.handIn('inbox/roster0.zip', 'roster0', { work: workOf({ rooms: ['sleep 50'] }) })
  const emit = here.grade('--emit', 'kubernetes')
  expect(await emit.end(), emit.output).toBe(0)
  const [batch] = here.stored('batches')
  const wrong = here.worker('--batch', batch!, '--part', '7', '--parts', '4')
  expect(await wrong.end(), wrong.output).toBe(2)
  expect(wrong.output).toMatch(/there is no part 7 of 4[\s\S]*--part 0 to --part 3/)

  const pod = here.worker('--batch', batch!)
  await pod.says(/part 0 of 1: 1 submissions/)
  for (const signal of ['SIGINT', 'SIGINT'] as const) {
    await setTimeout(500)
    pod.kill(signal)
  }
  expect(await pod.end(), pod.output).toBe(130)
  expect(pod.output).toContain('it was stopped')
  expect(here.stored('results')).toEqual([])
  here.remove()
}, 300_000)

test('what needs staff is collected also where no world can be built, and the next Job tries it again', async () => {
  const here = await ClassOnQueue.of(undefined, 2)
  const gradeInPods = async (...more: readonly string[]) => {
    const emit = here.grade('--emit', 'kubernetes', '--parts', '1', ...more)
    expect(await emit.end(), emit.output).toBe(0)
    const pod = podOf(documents(emit.output).job, here, 0)
    expect(await pod.end(), pod.output).toBe(0)
    return pod.output.match(/[0-9a-f]{12} s\w+: graded/g) ?? []
  }
  const collect = async (...more: readonly string[]) => {
    const one = here.grade('--on', 'ssh:nobody@127.0.0.1', ...more)
    return { status: await one.end(), output: one.output }
  }
  expect(await gradeInPods()).toHaveLength(2)
  const [unknown] = here.stored('results')
  const file = `store/results/${unknown}`
  const graded = JSON.parse(here.read(file)) as Graded
  here.write(file, JSON.stringify({ ...graded, status: 'needs-staff', reason: 'it hung', points: null }))

  const first = await collect()
  expect(first.status, first.output).toBe(1)
  expect(first.output).toContain('what needs staff was not tried again: ')
  const statuses = () => Object.values(here.table('grades.csv')).map(({ status }) => status)
  expect(statuses().toSorted()).toEqual(['graded', 'needs-staff'])

  expect(await gradeInPods()).toHaveLength(1)
  const second = await collect()
  expect(second.status, second.output).toBe(0)
  expect(statuses()).toEqual(['graded', 'graded'])

  // What pods have graded anew is collected too; what was there before is not taken for it.
  const early = await collect('--regrade', '--yes')
  expect(early.status, early.output).toBe(2)
  expect(await gradeInPods('--regrade')).toHaveLength(2)
  const third = await collect('--regrade', '--yes')
  expect(third.status, third.output).toBe(0)
  expect(third.output).toContain('Nothing would change')
  here.remove()
}, 300_000)
