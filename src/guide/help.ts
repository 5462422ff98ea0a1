import { wrapText } from '../prose/text.ts'
import { padTo } from '../prose/text-width.ts'
import type { Prompt } from './helper.ts'

type Row = readonly [key: string, meaning: string]

const OWN_WAY: readonly Row[] = [
  ['check', 'look at everything now'],
  ['hint', 'a hint, one more each time'],
  ['why', 'what is wrong, and how that was found out'],
  ['solution', 'show the solution'],
  ['next', 'go on in the text'],
  ['map', 'a map of the network as it is now; map on, map off: after each step that changes it, or not'],
  ['window NAME', 'how to open one more terminal; in tmux it is opened'],
  ['reset', 'begin this step anew; what you did in it is undone'],
  ['back', 'back to the beginning of the step before'],
  ['follow', 'back to the way in which Enter runs the commands of the text'],
  ['quit', 'leave; labrun keeps your place'],
]

const EVERYWHERE: readonly Row[] = [
  ['h', 'a hint, one more each time'],
  ['m', 'a map of the network as it is now'],
  ['m on, m off', 'draw it after each step that changes it, or not'],
  ['r', 'reset: begin this step anew; what you did in it is undone'],
  ['b', 'back to the beginning of the step before'],
  ['d', 'do it yourself: a shell of your own, here'],
  ['q', 'quit; labrun keeps your place'],
  ['?', 'this help'],
]

/** After the last step. */
const LAST = {
  next: 'leave the lab; its network goes',
  r: 'reset: begin the last step anew; what you did in it is undone',
  reset: 'begin the last step anew; what you did in it is undone',
  b: 'back to the beginning of the last step',
  back: 'back to the beginning of the last step',
  follow: 'back to the prompt of labrun',
  q: 'quit: leave the lab, which is finished',
  quit: 'leave the lab, which is finished',
}

const AT: Readonly<Record<Prompt, readonly Row[]>> = {
  command: [
    ['Enter', 'run the command that is shown; to type it yourself does the same'],
    ['a', 'run it and the rest of its block'],
    ['s', 'leave this command out'],
  ],
  task: [
    ['Enter', 'you are done: labrun looks'],
    ['s', 'run the solution'],
  ],
  check: [
    ['Enter', 'look again'],
    ['g', 'go on all the same'],
    ['why', 'show all of the last verdict once more'],
    ['s', 'show the solution'],
  ],
  question: [
    ['Enter, next', 'skip the question'],
    ['do', 'look around first, in a shell of your own; next comes back here'],
    ['hint', 'a hint, one more each time'],
    ['solution', 'show the answer, and go on'],
    ['map', 'a map of the network as it is now; map on, map off: after each step that changes it, or not'],
    ['reset', 'begin this step anew; what you did in it is undone'],
    ['back', 'back to the beginning of the step before'],
    ['quit', 'leave; labrun keeps your place'],
    ['?', 'this help'],
  ],
  end: [['Enter', 'leave the lab; its network goes']],
  own: OWN_WAY,
  'own-question': changed(OWN_WAY, {
    solution: 'the answer is shown at the question',
    next: 'back to the question',
  }),
  'own-end': changed(
    OWN_WAY.filter(([key]) => key !== 'check' && key !== 'why'),
    LAST,
  ),
  'own-other': [
    ...OWN_WAY.filter(([key]) => key === 'check' || key === 'why'),
    ['map', 'a map of the network as it is now'],
    ['window NAME', 'how to open one more terminal; in tmux it is opened'],
    ['exit', 'close this terminal'],
  ],
}

const ALSO = 'Each of them is also `labrun WORD`. `help NAME` is what bash says of its command NAME.'

const OTHER = '`hint`, `next` and the other words are for the first window.'

const OWN =
  'Anything else is run as a command of your own, in the same terminal. (Put a blank before a command that has one of these names.)'

const QUESTION =
  'Anything else is your answer, and so is a word of these with a blank before it. `labrun shell` in another window is a terminal to look around too.'

/** What can be typed at a prompt; in sentences with `plain`. */
export function helpText(prompt: Prompt, width: number, plain: boolean): string {
  const [rows, last] = helpAt(prompt)
  if (plain)
    return [
      '',
      ...[...rows.map(([key, meaning]) => `${key}: ${meaning}.`), last].map((line) => wrapText(line, width)),
    ].join('\n')
  const column = 13
  const lines = rows.map(([key, meaning]) => {
    const [first, ...rest] = wrapText(meaning, width - column - 2).split('\n')
    return [`  ${padTo(key, column)}${first}`, ...rest.map((line) => ' '.repeat(column + 2) + line)].join('\n')
  })
  return ['', ...lines, wrapText(`  ${last}`, width)].join('\n')
}

function helpAt(prompt: Prompt): [rows: readonly Row[], last: string] {
  if (prompt === 'question') return [AT.question, QUESTION]
  if (isOwn(prompt)) return [AT[prompt], prompt === 'own-other' ? OTHER : ALSO]
  return [[...AT[prompt], ...(prompt === 'end' ? changed(EVERYWHERE, LAST) : EVERYWHERE)], OWN]
}

function isOwn(prompt: Prompt): prompt is Own {
  return prompt.startsWith('own')
}

/** The same rows, some with another meaning. */
function changed(rows: readonly Row[], meanings: Readonly<Record<string, string>>): Row[] {
  return rows.map(([key, meaning]) => [key, meanings[key] ?? meaning])
}

/** Where nothing was looked at there is nothing to explain; what is to be typed instead. */
export function insteadOf(word: 'check' | 'why' | 'next', prompt: Prompt): string {
  if (prompt === 'question')
    return 'labrun waits for your answer here. Enter: skip the question · do: look around first, in a shell of your own'
  if (prompt === 'end') return 'There is nothing more to check. Enter: leave the lab'
  if (prompt === 'own-end') return 'There is nothing more to check. next: leave the lab'
  if (prompt === 'own-question') return 'There is nothing to check here. next: back to the question'
  if (prompt === 'own') return 'There is nothing to check here: next goes on.'
  if (word === 'next') return 'Enter runs the command that is shown; s leaves it out.'
  const when =
    prompt === 'task'
      ? 'Enter: you are done, and labrun looks'
      : 'labrun looks when the commands of this part have been run'
  return `Nothing has been looked at here yet: ${when}. (d: do it yourself, and check whenever you like)`
}

/** What is shown at a prompt; it fits into 40 columns. */
export function promptText(prompt: Asked): string {
  return PROMPTS[prompt]
}

/** What is labrun's in a shell of the student's own. */
type Own = Extract<Prompt, `own${string}`>

/** What waits for a command. */
type Asked = Exclude<Prompt, 'question' | Own>

const PROMPTS: Readonly<Record<Asked, string>> = {
  command: 'Enter: run it · ?: help',
  task: 'Enter: done · h: hint · ?: help',
  check: 'Enter: look · g: go on · ?: help',
  end: 'Enter: leave · d: a shell · ?: help',
}
