import { readFileSync } from 'node:fs'
import { gradeSubmission, type Submission } from '../../src/grade/grade-submission.ts'
import type { GradedStep } from '../../src/grade/model.ts'
import { localMachine } from '../../src/machine/local.ts'
import type { Work } from '../../src/submission/work.ts'
import { World } from '../../src/world/world.ts'
import { lab } from '../support/lab-text.ts'

export const EXAM = readFileSync(new URL('../fixtures/graded.md', import.meta.url), 'utf8')

/** The reference solution of each step of the exam. */
export const SOLUTION = {
  rooms: ['ip netns add red', 'ip netns add blue'],
  cable: [
    'ip link add vr netns red type veth peer name vb netns blue',
    'ip -n red addr add 10.1.0.1/24 dev vr; ip -n blue addr add 10.1.0.2/24 dev vb',
    'ip -n red link set vr up; ip -n blue link set vb up',
  ],
  'one-way': ['ip netns exec blue iptables -A INPUT -s 10.1.0.1 -j DROP'],
} as const

/** Commands of each step; `answer`: to the question of the step `cable`. */
export function workOf(steps: Readonly<Record<string, readonly string[]>>, answer?: string): Work {
  const answers =
    answer === undefined ? [] : [{ line: 1, ask: 'How many addresses has a /24 for machines?', text: answer }]
  return {
    steps: Object.entries(steps).map(([id, commands]) => ({
      id,
      commands: commands.map((text) => ({ terminal: 'main', text, exit: 0, at: null })),
      answers: id === 'cable' ? answers : [],
    })),
  }
}

/** Grades a work in real worlds. */
export async function replayed(work: Work, text = EXAM, choices: Partial<Submission> = {}) {
  const attempt = await gradeSubmission({
    lab: lab(text),
    before: [],
    work,
    carry: 0.8,
    openWorld: (spec) => World.open(localMachine, spec),
    signal: new AbortController().signal,
    ...choices,
  })
  const step = (id: string): GradedStep => attempt.steps.find((one) => one.id === id)!
  const points = Object.fromEntries(attempt.steps.map((one) => [one.id, one.points]))
  const statuses = (id: string) => step(id).items.map(({ status }) => status)
  return { ...attempt, step, points, statuses }
}
