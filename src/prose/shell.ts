import { type Span, type Style, span } from './spans.ts'

/** One line of shell as spans: commands, strings, variables and comments look different. No text is changed. */
export function shellSpans(line: string): Span[] {
  const spans: Span[] = []
  // The next word is the name of a command: at the beginning, and after what begins another one.
  let isName = true
  let isValue = false
  for (const { 0: text, groups = {} } of line.matchAll(TOKEN)) {
    const { comment, string, variable, operator, assignment, word } = groups
    if (comment !== undefined) spans.push(span(text, 'dim'))
    else if (string !== undefined) spans.push(span(text, 'good'))
    else if (variable !== undefined) spans.push(span(text, 'name'))
    else if (operator !== undefined) spans.push(span(text))
    else if (word !== undefined) spans.push(span(text, ...styleOf(text, isName)))
    else spans.push(span(text))
    if (operator !== undefined) isName = /^[|&;(){}]+$/.test(text)
    else if (word !== undefined) isName = isName && KEYWORDS.has(text) && !NAMELESS.has(text)
    else if ((string !== undefined || variable !== undefined) && !isValue) isName = false
    // `A=$B command`: what is assigned is no name, and the next word is one.
    isValue = assignment !== undefined || (isValue && (string !== undefined || variable !== undefined))
  }
  return spans
}

function styleOf(word: string, isName: boolean): Style[] {
  return isName && !KEYWORDS.has(word) ? ['accent'] : KEYWORDS.has(word) && isName ? ['bold'] : []
}

const TOKEN = new RegExp(
  [
    String.raw`(?<comment>(?<=^|\s)#.*)`,
    String.raw`(?<string>'[^']*'?|"(?:[^"\\]|\\.)*"?)`,
    String.raw`(?<variable>\$(?:\w+|[@*#?$!-]|\{[^}]*\}?))`,
    '(?<operator>[|&;(){}]+|[0-9]?[<>]+&?)',
    String.raw`(?<assignment>(?<=^|\s)[A-Za-z_]\w*=[^\s'"$|&;(){}<>]*)`,
    String.raw`(?<word>[^\s'"$|&;(){}<>]+)`,
    String.raw`(?<other>\s+|.)`,
  ].join('|'),
  'gsu',
)

/** The word after these is not a command. */
const NAMELESS: ReadonlySet<string> = new Set(['for', 'case', 'in', 'function'])

const KEYWORDS: ReadonlySet<string> = new Set(
  'if then else elif fi for while until do done case esac in function ! time'.split(' '),
)
