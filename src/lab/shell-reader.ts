import { onNewline, onOperator, onWord } from './shell-grammar.ts'
import {
  BEGINS,
  ENDS,
  type Group,
  isSubstitution,
  type Move,
  newGroup,
  takesArray,
  takesSubscript,
} from './shell-groups.ts'
import { readHereDocs } from './shell-here-docs.ts'
import {
  delimiterOf,
  doubleParenthesisAt,
  isPairName,
  newPair,
  openerAt,
  operatorAt,
  type Pair,
  type PairName,
  skipBlanks,
  skipJoins,
  styleOf,
  type Token,
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
      if (opener && style.holds.includes(opener.name)) this.openInWord(opener)
      else this.pos = opener?.name === '$$' ? opener.end : pos + 1
    }
  }

  private closePair(pair: Pair): void {
    this.stack.pop()
    if (pair.name !== '((') {
      this.pos += 1
    } else if (this.text[skipJoins(this.text, this.pos + 1)] === ')') {
      this.pos = skipJoins(this.text, this.pos + 1) + 1
      const group = this.group()
      group.place = group.place === 'for' ? 'for do' : 'ended'
    } else {
      this.notArithmetic.add(pair.at)
      this.pos = pair.at
    }
  }

  private readToken(group: Group): void {
    const { text } = this
    this.pos = skipBlanks(text, this.pos)
    const { pos } = this
    const char = text[pos]
    if (char === undefined) return
    if (char === '\n') this.readNewline(group)
    else if (char === '#') this.pos = text.indexOf('\n', pos)
    else {
      const arithmetic = this.arithmeticAt(group)
      const operator = this.beginsWord(group) ? undefined : operatorAt(text, pos)
      if (arithmetic) this.openPair('((', arithmetic)
      else if (operator) this.readOperator(group, operator)
      else group.wordAt = pos
    }
  }

  // These begin a word although an operator begins like them.
  private beginsWord(group: Group): boolean {
    const char = this.text[this.pos]!
    if (group.place === 'regex' && (char === '(' || char === '|')) return true
    return (char === '<' || char === '>') && openerAt(this.text, this.pos) !== undefined
  }

  private arithmeticAt(group: Group): number | undefined {
    const possible = (group.place === 'for' || BEGINS.has(group.place)) && !group.redirect
    if (!possible || this.notArithmetic.has(this.pos)) return undefined
    return doubleParenthesisAt(this.text, this.pos)
  }

  private readOperator(group: Group, operator: Token): void {
    const at = this.pos
    this.pos = operator.end
    this.follow(group, group.redirect ? 'broken' : onOperator(group, operator.name, at), at)
  }

  private readNewline(group: Group): void {
    if (group.redirect || onNewline(group) === 'broken') {
      this.abandon(true)
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
    if (char === '\\') this.pos += 2
    else if (opener?.name === '$$') this.pos = opener.end
    else if (opener) this.openInWord(opener)
    else if (group.place === 'regex' && char === '(') this.openPair('pattern', pos + 1)
    else if (group.place === 'regex' && char === '|') this.pos += 1
    else if (this.isPattern(group, at)) this.openPair('pattern', pos + 2)
    else if (char === '[' && takesSubscript(group, text.slice(at, pos))) this.openPair('[', pos + 1)
    else if (char === '(' && takesArray(group, text.slice(at, pos))) this.openInWord({ name: '=(', end: pos + 1 })
    else if (METACHARACTERS.includes(char)) this.endWord(group, at)
    else this.pos += 1
  }

  private isPattern(group: Group, at: number): boolean {
    if (!/^[?*+@!]\($/.test(this.text.slice(this.pos, this.pos + 2))) return false
    // `! (…)` may be written without the blank. It is a pattern only where no command can begin.
    const negates = this.pos === at && this.text[at] === '!' && (BEGINS.has(group.place) || group.place === 'test')
    return !negates
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
    if (move === 'broken') this.abandon(false)
    else if (move === 'closed') this.closeGroup(group)
    else if (move !== 'on') this.stack.push(newGroup(move.open, at, group.hereDocs))
  }

  private openInWord(opener: Token): void {
    if (isPairName(opener.name)) {
      this.openPair(opener.name, opener.end)
      return
    }
    this.stack.push(newGroup(opener.name, this.pos, []))
    this.pos = opener.end
  }

  private openPair(name: PairName, end: number): void {
    this.stack.push(newPair(name, this.pos))
    this.pos = end
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

  /**
   * Bash throws the line away on which it finds a syntax error. The here-documents of that line are read all the same
   * where the part before the error is complete: `cat <<EOF )`, but not `cat <<EOF | )`.
   */
  private abandon(atNewline: boolean): void {
    const [block] = this.stack
    const complete = this.stack.length === 1 && !block.redirect && (block.place === 'start' || ENDS.has(block.place))
    this.pos = this.text.indexOf('\n', this.pos) + 1 || this.text.length
    if (complete || atNewline) this.readHereDocs(this.group())
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

const METACHARACTERS = ' \t\n;&|<>()'
