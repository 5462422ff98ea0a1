import { BEGINS, ENDS, type Group, isSubstitution, type Move, type Place, places } from './shell-groups.ts'

/** A word that is not the target of a redirection; `word` as it stands in the text at `at`, quotes included. */
export function onWord(group: Group, word: string, at: number): Move {
  if (BEGINS.has(group.place) || group.place === 'ended') return onCommandWord(group, word)
  switch (group.place) {
    case 'assigned':
      return go(group, isAssignment(word) ? 'assigned' : DECLARING.has(word) ? 'declaring' : 'words')
    case 'name':
      return go(group, 'words')
    case 'words':
    case 'declaring':
    case 'elements':
    case 'for words':
      return 'on'
    case 'function':
      return need(group, 'function name', 'function', at)
    case 'for':
      return go(group, 'for in')
    case 'for in':
      return word === 'in' ? go(group, 'for words') : beginLoop(group, word)
    case 'for do':
      return beginLoop(group, word)
    case 'case':
      return go(group, 'case in')
    case 'case in':
      return word === 'in' ? go(group, 'pattern') : 'broken'
    case 'pattern':
      return word === 'esac' ? 'closed' : go(group, 'pattern end')
    case 'pattern word':
      return go(group, 'pattern end')
    case 'test':
    case 'left':
    case 'operand':
    case 'regex':
    case 'tested':
      return onTestWord(group, word)
    default:
      return 'broken'
  }
}

/** Any operator but a newline and `((`. `()` stands for both parentheses with nothing between them. */
export function onOperator(group: Group, operator: string, at: number): Move {
  switch (operator) {
    case '(':
      return onParenthesis(group)
    case '()':
      return ['name', 'declaring', 'function name'].includes(group.place)
        ? need(group, 'body', 'function', at)
        : 'broken'
    case ')':
      return onClosing(group)
    case ';':
      if (group.place === 'for in' || group.place === 'for words' || group.place === 'for do')
        return go(group, 'for do')
      return group.place === 'prefixed' || ENDS.has(group.place) ? restart(group) : 'broken'
    case '&':
      return ENDS.has(group.place) ? restart(group) : 'broken'
    case '|':
      if (group.place === 'pattern end') return go(group, 'pattern word')
      return ENDS.has(group.place) ? need(group, 'must', operator, at) : 'broken'
    case '&&':
    case '||':
      if (group.place === 'left' || group.place === 'tested') return go(group, 'test')
      return ENDS.has(group.place) ? need(group, 'must', operator, at) : 'broken'
    case '|&':
      return ENDS.has(group.place) ? need(group, 'must', operator, at) : 'broken'
    case ';;':
    case ';&':
    case ';;&':
      if (group.section !== 'case' || !(group.place === 'start' || ENDS.has(group.place))) return 'broken'
      return go(group, 'pattern')
    default:
      return onRedirection(group, operator)
  }
}

export function onNewline(group: Group): Move {
  switch (group.place) {
    case 'function name':
      return go(group, 'body')
    case 'for words':
      return go(group, 'for do')
    case 'prefixed':
      return restart(group)
    default:
      if (ENDS.has(group.place)) return restart(group)
      return NEWLINE_IS_BLANK.has(group.place) ? 'on' : 'broken'
  }
}

const NEWLINE_IS_BLANK = places(
  ...(['start', 'must', 'body', 'for in', 'for do', 'case in', 'pattern', 'test', 'tested', 'elements'] as const),
)

const OPENERS = new Set(['if', 'while', 'until', 'for', 'select', 'case', '{', '[['])
/** Commands whose arguments are assignments, so that `declare a=(1 2)` is one. */
const DECLARING = new Set(['declare', 'typeset', 'local', 'export', 'readonly', 'alias', 'eval', 'let'])
/** Which word ends a section of a group, and which section comes then; '' when the group is closed. */
const NEXT = new Map([
  ['if then', 'then'],
  ['then elif', 'if'],
  ['then else', 'else'],
  ['then fi', ''],
  ['else fi', ''],
  ['while do', 'do'],
  ['until do', 'do'],
  ['do done', ''],
  ['{ }', ''],
  ['case esac', ''],
])
const FOLLOWING = new Set(['in', 'then', 'elif', 'else', 'fi', 'do', 'done', '}', 'esac', ']]'])

function onCommandWord(group: Group, word: string): Move {
  const { place } = group
  if (FOLLOWING.has(word)) return follow(group, word)
  if (place === 'ended') return 'broken'
  if (OPENERS.has(word)) return { open: word }
  if (place === 'body' || place === 'function name') return 'broken'
  if (place === 'coproc name') return go(group, 'words')
  if (place === 'coproc') return go(group, 'coproc name')
  if (word === 'function' || word === 'coproc') return go(group, word)
  const piped = place === 'must' && /^\|&?$/.test(group.need.construct)
  if (word === '!' && piped) return 'broken'
  if (word === '!' || (word === 'time' && !piped)) return go(group, 'prefixed')
  if (place === 'prefixed' && (word === '-p' || word === '--')) return 'on'
  if (isAssignment(word)) return go(group, 'assigned')
  return go(group, DECLARING.has(word) ? 'declaring' : 'name')
}

function follow(group: Group, word: string): Move {
  const next = NEXT.get(`${group.section} ${word}`)
  const mayEnd = group.place === 'ended' || (group.place === 'start' && (group.filled || group.section === 'case'))
  if (next === undefined || !mayEnd) return 'broken'
  return next === '' ? 'closed' : enter(group, next)
}

function beginLoop(group: Group, word: string): Move {
  return word === 'do' || word === '{' ? enter(group, word) : 'broken'
}

/** Bash's own order: an operator needs its word at once, and a newline ends only a complete term. */
function onTestWord(group: Group, word: string): Move {
  switch (group.place) {
    case 'operand':
    case 'regex':
      return go(group, 'tested')
    case 'left':
      if (BINARY.test(word)) return go(group, word === '=~' ? 'regex' : 'operand')
      return word === ']]' && group.section === '[[' ? 'closed' : 'broken'
    case 'tested':
      return word === ']]' && group.section === '[[' ? 'closed' : 'broken'
    default:
      if (word === ']]') return group.section === '[[' ? 'closed' : 'broken'
      if (word === '!') return 'on'
      return go(group, UNARY.test(word) ? 'operand' : 'left')
  }
}

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/
const BINARY = /^(==?|!=|=~|-(eq|ne|lt|le|gt|ge|nt|ot|ef))$/

function onParenthesis(group: Group): Move {
  if (group.place === 'pattern') return go(group, 'pattern word')
  if (group.place === 'test') return { open: 'test (' }
  // Bash reports this only at the next token, which may be a quoted word of many lines.
  if (group.place === 'name') return go(group, 'parameters')
  return BEGINS.has(group.place) ? { open: '(' } : 'broken'
}

function onClosing(group: Group): Move {
  const { place, section } = group
  if (place === 'pattern end') return enter(group, 'case')
  if (place === 'elements') return 'closed'
  if (section === 'test (') return place === 'left' || place === 'tested' ? 'closed' : 'broken'
  if (section === '(') return (place === 'start' && group.filled) || ENDS.has(place) ? 'closed' : 'broken'
  return isSubstitution(section) && (place === 'start' || ENDS.has(place)) ? 'closed' : 'broken'
}

function onRedirection(group: Group, operator: string): Move {
  if (group.place === 'left' && (operator === '<' || operator === '>')) return go(group, 'operand')
  const next = REDIRECTED[group.place]
  if (!next) return 'broken'
  group.redirect = operator
  return go(group, next)
}

const REDIRECTED: Partial<Record<Place, Place>> = {
  start: 'assigned',
  must: 'assigned',
  prefixed: 'assigned',
  assigned: 'assigned',
  coproc: 'assigned',
  name: 'words',
  words: 'words',
  declaring: 'declaring',
  'coproc name': 'words',
  ended: 'redirected',
  redirected: 'redirected',
}

// Quotes may stand in the value alone; the name before `=` is plain.
function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*(\[.*?\])?\+?=/s.test(word)
}

function go(group: Group, place: Place): Move {
  group.place = place
  return 'on'
}

function need(group: Group, place: Place, construct: string, at: number): Move {
  group.need = { construct, at }
  return go(group, place)
}

function enter(group: Group, section: string): Move {
  group.section = section
  group.filled = false
  return go(group, 'start')
}

function restart(group: Group): Move {
  group.filled = true
  return go(group, 'start')
}
