/** Lines of a file that are replaced: from `from` up to and without `to`, both from 0. */
export interface Edit {
  readonly from: number
  readonly to: number
  /** A number is an old line, by its index in the file, which stays as it is to the byte. */
  readonly lines: readonly (number | string)[]
}

/**
 * Replaces lines of a file and leaves every other byte as it is, also what is no valid UTF-8. New lines end as the line
 * above them does. `edits` do not overlap, and none begins with the first line.
 */
export function editLines(bytes: Buffer, edits: readonly Edit[]): Buffer {
  // Latin-1 has a character for each byte, and line ends are the same as in UTF-8.
  const lines = bytes.toString('latin1').match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  const ordered = edits.toSorted((a, b) => b.from - a.from)
  for (const { from, to, lines: wanted } of ordered) {
    const end = /[\r\n]*$/.exec(lines[from - 1] ?? '')![0] || '\n'
    const texts = wanted.map((line) =>
      typeof line === 'number' ? lines[line]! : `${Buffer.from(line).toString('latin1')}${end}`,
    )
    lines.splice(from, to - from, ...texts)
  }
  return Buffer.from(lines.join(''), 'latin1')
}
