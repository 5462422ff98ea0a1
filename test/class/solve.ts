import { spawnSync } from 'node:child_process'
import type { Lab, Question, Step } from '../../src/lab/lab.ts'
import type { Work, WorkCommand, WorkStep } from '../../src/submission/work.ts'
import type { Chance } from './chance.ts'

/** The reference solution of a lab, as if a student had typed it, with the right answers where they can be known. */
export function solve(lab: Pick<Lab, 'steps'>): Work {
  return { steps: lab.steps.map((step) => ({ id: step.id, commands: commandsOf(step), answers: answersOf(step) })) }
}

/**
 * The same with a student's own mistakes, notes and looks around, which do no harm: two people do not have the same.
 */
export function withHabits(work: Work, chance: Chance): Work {
  const habit = (): WorkCommand => {
    const [text, exit] = chance.pick(HABITS)
    return typed(text.replace('NUMBER', String(20 + chance.below(80))), exit)
  }
  const often = (command: WorkCommand) => (chance.below(3) > 0 ? [habit(), command] : [command])
  return { steps: work.steps.map((step) => ({ ...step, commands: step.commands.flatMap(often) })) }
}

/** What people type beside the way, and how it ends. */
const HABITS: readonly (readonly [text: string, exit: number])[] = [
  ['ip adr show dev ethNUMBER', 1],
  ['ip link show dev ethNUMBER', 1],
  ['cat /sys/class/net/vethNUMBER/operstate', 1],
  ['grep vethNUMBER /proc/net/dev', 1],
  ['ip -br link | head -n NUMBER', 0],
  ['iptables -t nat -S | tail -n NUMBER', 0],
  ['echo "point NUMBER: done, I think" >> /root/notes.txt', 0],
  ['ls -l /etc | head -n NUMBER', 0],
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
  const after = steps.slice(steps.indexOf(wrong) + 1)
  return {
    steps: steps.map((step) => ({
      ...step,
      commands:
        step === wrong
          ? unknownFrom(step.commands.toSpliced(forgotten, 1), forgotten)
          : after.includes(step)
            ? unknownFrom(step.commands, 0)
            : step.commands,
      answers: step.answers.map((answer, index) => (index === 0 ? { ...answer, text: '4711' } : answer)),
    })),
  }
}

/** How commands end after a mistake nobody has written down. */
function unknownFrom(commands: readonly WorkCommand[], place: number): WorkCommand[] {
  return commands.map((command, index) => (index < place ? command : { ...command, exit: null }))
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
