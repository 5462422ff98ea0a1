/**
 * The words of a rule as a shell, or `iptables-save`, writes it: blanks separate them, quotes and backslashes are taken
 * away. Never throws: an open quote goes to the end.
 */
export function ruleWords(text: string): string[] {
  const words: string[] = []
  for (const match of text.matchAll(WORD)) {
    words.push(match[0].replace(PIECE, (piece, single?: string, double?: string) => unquote(piece, single, double)))
  }
  return words
}

/** The word as a person would type it in a rule: quoted where it must be. */
export function quoteWord(word: string): string {
  return /^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`
}

const WORD = /(?:'[^']*(?:'|$)|"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|\\[\s\S]|[^\s'"\\]|\\$)+/g
const PIECE = /'([^']*)(?:'|$)|"((?:\\[\s\S]|[^"\\])*)(?:"|\\?$)|\\[\s\S]/g

function unquote(piece: string, single: string | undefined, double: string | undefined): string {
  if (single !== undefined) return single
  // `iptables-save` puts a backslash before `'` too, where a shell would keep it (libxtables, xtables_save_string).
  return double === undefined ? piece.slice(1) : double.replace(/\\(["'\\$`])/g, '$1')
}
