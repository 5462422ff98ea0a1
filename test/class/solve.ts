import { spawnSync } from 'node:child_process'
import type { Lab, Question, Step } from '../../src/lab/lab.ts'
import type { Work, WorkCommand, WorkStep } from '../../src/submission/work.ts'
import type { Chance } from './chance.ts'

/** The reference solution of a lab, as if a student had typed it, with the right answers where they can be known. */
export function solve(lab: Pick<Lab, 'steps'>): Work {
  return { steps: lab.steps.map((step) => ({ id: step.id, commands: commandsOf(step), answers: answersOf(step) })) }
}

/** The same after mistakes, typing errors and a look around: nothing of it does harm. */
export function clumsily(work: Work, chance: Chance): Work {
  const clumsy = (command: WorkCommand): WorkCommand[] =>
    chance.below(2) === 0 ? [typed(chance.pick(LOOKS), chance.below(2)), command] : [command]
  return { steps: work.steps.map((step) => ({ ...step, commands: step.commands.flatMap(clumsy) })) }
}

const LOOKS = [
  'ip adr show',
  'ip -br addr',
  'ip link set br00 up',
  'ip netns list',
  'ls /etc',
  'iptables -t nat -S',
  'brctl show',
  'man ip | head -3',
]

/** Without the last steps; of the last one that is there, half. */
export function halfway({ steps }: Work): Work {
  const kept = steps.slice(0, Math.ceil(steps.length / 2))
  return { steps: kept.map((step, index) => (index === kept.length - 1 ? halfStep(step) : step)) }
}

function halfStep(step: WorkStep): WorkStep {
  return { ...step, commands: step.commands.slice(0, Math.ceil(step.commands.length / 2)), answers: [] }
}

/** One command is forgotten, and one question answered wrong. */
export function withMistake({ steps }: Work, chance: Chance): Work {
  const wrong = chance.pick(steps.filter(({ commands }) => commands.length > 0))
  const forgotten = chance.below(wrong.commands.length)
  return {
    steps: steps.map((step) => ({
      ...step,
      commands: step === wrong ? step.commands.toSpliced(forgotten, 1) : step.commands,
      answers: step.answers.map((answer, index) => (index === 0 ? { ...answer, text: '4711' } : answer)),
    })),
  }
}

function commandsOf({ items }: Step): WorkCommand[] {
  return items.flatMap((item) => {
    if (item.kind !== 'block' || item.role === 'setup') return []
    const commands = item.commands.map(({ text }) => ({ ...typed(text, 0), terminal: item.terminal }))
    if (!item.background || item.role === 'shown') return commands
    // A student starts it in the background, and waits a little.
    const text = commands.map((command) => command.text).join('\n')
    return [typed(text.includes('\n') ? `{ ${text}\n} &` : `${text} &`, 0), typed('sleep 2', 0)]
  })
}

function typed(text: string, exit: number): WorkCommand {
  return { terminal: 'main', text, exit, at: null }
}

function answersOf({ items }: Step): WorkStep['answers'] {
  return items
    .filter((item) => item.kind === 'question')
    .map((question) => ({ line: question.line, ask: question.ask, text: answerOf(question) }))
}

/** What a command has to say is only known where the command asks nothing of the world. */
function answerOf({ answer }: Question): string {
  if (Array.isArray(answer)) return String(answer[0])
  if (typeof answer !== 'object' || answer === null) return String(answer)
  const { from } = answer as { readonly from?: string }
  if (!from?.startsWith('case ')) return 'I do not know'
  return spawnSync('sh', ['-c', from], { encoding: 'utf8' }).stdout.trim()
}
