/**
 * The lines of what `iptables-save` prints. A comment may hold the end of a line, and what comes after it is no rule,
 * whatever it looks like: quotes and backslashes say where a text ends (libxtables, xtables_save_string).
 */
export function savedLines(text: string): string[] {
  return text.match(LINE) ?? []
}

// An open quote goes to the end.
const LINE = /(?:"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|\\[^\n]|[^"\\\n]|\\$)+/g
