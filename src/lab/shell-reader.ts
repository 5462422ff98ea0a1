import { onNewline, onOperator, onWord } from './shell-grammar.ts'
import {
  BEGINS,
  type Group,
  isSubstitution,
  type Move,
  newGroup,
  TAKES_ARRAY,
  TAKES_SUBSCRIPT,
} from './shell-groups.ts'
import { readHereDocs } from './shell-here-docs.ts'
import {
  delimiterOf,
  isPairName,
  newPair,
  openerAt,
  type Pair,
  skipJoins,
  styleOf,
  withoutJoins,
} from './shell-words.ts'

/** `end`: offset behind the command's last newline; `open`: what the end of the text leaves open, and its offset. */
export interface Reading {
  readonly end: number
  readonly open?: { readonly construct: string; readonly at: number }
}

/** Reads the one command that begins at `start`. The text ends in a newline. */
export function readCommand(text: string, start: number): Reading {
  return new Reader(text, start).read()
}

class Reader {
  private readonly text: string
  private readonly stack: [Group, ...(Group | Pair)[]]
  private pos: number
  private reading: Reading | undefined
  /** Offsets of `((` that turned out to be two subshells: never tried twice, so that the work stays bounded. */
  private readonly notArithmetic = new Set<number>()

  constructor(text: string, start: number) {
    this.text = text
    this.pos = start
    this.stack = [newGroup('', start, [])]
  }

  read(): Reading {
    while (!this.reading && this.pos < this.text.length) {
      const top = this.stack.at(-1)!
      if (top.kind === 'pair') this.readPair(top)
      else if (top.wordAt === undefined) this.readToken(top)
      else this.readWord(top, top.wordAt)
    }
    return this.reading ?? { end: this.text.length, open: this.open() }
  }

  private readPair(pair: Pair): void {
    const { text, pos } = this
    const style = styleOf(pair.name)
    const char = text[pos]
    if (char === '\\' && style.escapes) this.pos += 2
    else if (char === style.close && pair.depth > 0) {
      pair.depth -= 1
      this.pos += 1
    } else if (char === style.close) this.closePair(pair)
    else if (char === style.nests) {
      pair.depth += 1
      this.pos += 1
    } else {
      const opener = openerAt(text, pos)
      if (opener && style.holds.includes(opener)) this.openInWord(opener)
      else this.pos += opener === '$$' ? 2 : 1
    }
  }

  private closePair(pair: Pair): void {
    this.stack.pop()
    if (pair.name !== '((') {
      this.pos += 1
    } else if (this.text[this.pos + 1] === ')') {
      this.pos += 2
      const group = this.group()
      group.place = group.place === 'for' ? 'for do' : 'ended'
    } else {
      this.notArithmetic.add(pair.at)
      this.pos = pair.at
    }
  }

  private readToken(group: Group): void {
    const { text } = this
    this.skipBlanks()
    const { pos } = this
    const char = text[pos]
    if (char === undefined) return
    if (char === '\n') this.readNewline(group)
    else if (char === '#') this.pos = text.indexOf('\n', pos)
    else if (group.place === 'regex' && (char === '(' || char === '|')) group.wordAt = pos
    else if (this.isArithmetic(group)) {
      this.stack.push(newPair('((', pos))
      this.pos += 2
    } else {
      const isWord = !OPERATORS.has(char) || /^[<>]\($/.test(openerAt(text, pos) ?? '')
      if (isWord) group.wordAt = pos
      else this.readOperator(group)
    }
  }

  private skipBlanks(): void {
    BLANKS.lastIndex = this.pos
    this.pos += BLANKS.exec(this.text)![0].length
  }

  private isArithmetic(group: Group): boolean {
    const possible = group.place === 'for' || BEGINS.has(group.place)
    return possible && !group.redirect && this.text.startsWith('((', this.pos) && !this.notArithmetic.has(this.pos)
  }

  private readOperator(group: Group): void {
    const at = this.pos
    let operator = ''
    // The longest operator wins: every beginning of one is one itself.
    while (OPERATORS.has(operator + this.text[this.pos])) {
      operator += this.text[this.pos]
      this.pos = skipJoins(this.text, this.pos + 1)
      if (operator === '(') this.skipBlanks()
    }
    this.follow(group, group.redirect ? 'broken' : onOperator(group, operator, at), at)
  }

  private readNewline(group: Group): void {
    if (group.redirect || onNewline(group) === 'broken') {
      this.abandon()
      return
    }
    this.pos += 1
    this.readHereDocs(group)
    if (this.stack.length === 1 && group.place === 'start') this.reading ??= { end: this.pos }
  }

  private readHereDocs(group: Group): void {
    const inSubstitution = this.stack.some((frame) => frame.kind === 'group' && isSubstitution(frame.name))
    const { end, open } = readHereDocs(this.text, this.pos, group.hereDocs.splice(0), inSubstitution)
    this.pos = end
    if (open) this.reading = { end, open }
  }

  private readWord(group: Group, at: number): void {
    const { text, pos } = this
    const char = text[pos]!
    const opener = openerAt(text, pos)
    const next = text[pos + 1]
    if (char === '\\') this.pos += 2
    else if (opener === '$$') this.pos += 2
    else if (opener) this.openInWord(opener)
    else if (group.place === 'regex' && char === '(') this.openPattern(1)
    else if (group.place === 'regex' && char === '|') this.pos += 1
    else if ('?*+@!'.includes(char) && next === '(' && !this.isNegation(group, at)) this.openPattern(2)
    else if (char === '[' && this.isSubscript(group, text.slice(at, pos))) this.openInWord('[')
    else if (char === '(' && this.isArray(group, text.slice(at, pos))) this.openInWord('=(')
    else if (METACHARACTERS.includes(char)) this.endWord(group, at)
    else this.pos += 1
  }

  // `! (…)` may be written without the blank. It is a pattern only where no command can begin.
  private isNegation(group: Group, at: number): boolean {
    return this.pos === at && this.text[at] === '!' && (BEGINS.has(group.place) || group.place === 'test')
  }

  private isSubscript(group: Group, before: string): boolean {
    if (group.redirect) return false
    return group.place === 'elements'
      ? before === ''
      : TAKES_SUBSCRIPT.has(group.place) && /^[A-Za-z_]\w*$/.test(withoutJoins(before))
  }

  private isArray(group: Group, before: string): boolean {
    return !group.redirect && TAKES_ARRAY.has(group.place) && /^[A-Za-z_]\w*(\[.*\])?\+?=$/s.test(withoutJoins(before))
  }

  private endWord(group: Group, at: number): void {
    const { text, pos } = this
    const raw = text.slice(at, pos)
    group.wordAt = undefined
    // `2>` and `{fd}>`: the word belongs to the redirection.
    if (/[<>]/.test(text[pos]!) && /^(\d+|\{[A-Za-z_]\w*\})$/.test(raw)) return
    if (group.redirect.startsWith('<<') && group.redirect !== '<<<') {
      group.hereDocs.push({ ...delimiterOf(raw), stripTabs: group.redirect === '<<-', at })
    }
    if (group.redirect) group.redirect = ''
    else this.follow(group, onWord(group, withoutJoins(raw), at), at)
  }

  private follow(group: Group, move: Move, at: number): void {
    if (move === 'broken') this.abandon()
    else if (move === 'closed') this.closeGroup(group)
    else if (move !== 'on') this.stack.push(newGroup(move.open, at, group.hereDocs))
  }

  private openInWord(opener: string): void {
    if (isPairName(opener)) this.stack.push(newPair(opener, this.pos))
    else this.stack.push(newGroup(opener, this.pos, []))
    this.pos += opener === '=(' ? 1 : opener.length
  }

  private openPattern(length: number): void {
    this.stack.push(newPair('pattern', this.pos))
    this.pos += length
  }

  private closeGroup(group: Group): void {
    this.stack.pop()
    const outer = this.group()
    // A body that did not come before the `)` comes behind the next newline outside.
    if (group.hereDocs !== outer.hereDocs) outer.hereDocs.push(...group.hereDocs)
    if (this.stack.at(-1) === outer && outer.wordAt === undefined) {
      outer.place = outer.place === 'test' ? 'tested' : 'ended'
    }
  }

  /** Bash throws the line away on which it finds a syntax error, but not the here-documents that it has read of. */
  private abandon(): void {
    this.pos = this.text.indexOf('\n', this.pos) + 1 || this.text.length
    this.stack.length = 1
    this.readHereDocs(this.stack[0])
    this.reading ??= { end: this.pos }
  }

  private group(): Group {
    return this.stack.findLast((frame) => frame.kind === 'group')!
  }

  private open(): { construct: string; at: number } {
    const top = this.stack.at(-1)!
    if (top.kind === 'pair') return { construct: styleOf(top.name).construct, at: top.at }
    if (top.place === 'must' || top.place === 'body') return top.need
    if (this.stack.length > 1) return { construct: top.name, at: top.at }
    return { construct: '\\', at: this.text.lastIndexOf('\\') }
  }
}

const BLANKS = /(?:[ \t]|\\\n)*/y
const OPERATORS = new Set('; & | ( ) < > () ;; ;& ;;& && || |& &> &>> << <<- <<< <& <> >& >> >|'.split(' '))
const METACHARACTERS = ' \t\n;&|<>()'
