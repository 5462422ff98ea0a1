/** A lab or a step that the author's guide shows. */
export interface Example {
  /** Of its first line, in the text. */
  readonly line: number
  /** Its first `##` heading. */
  readonly title: string
  /** A whole lab: steps have got a front matter. */
  readonly markdown: string
  /** For an example that cannot be proven: what is said of it. */
  readonly doubt: string | undefined
}

const FENCE =
  /^(<!-- not proven -->\n)?````markdown\n([\s\S]*?)^````\n(?:\n<!-- doubt -->\n```text\n([\s\S]*?)^```\n)?/gm
const FRONT_MATTER = '---\nlabrun: 1\nworld: isolated\n---\n\n'

/** The text between fences ```` ````markdown ````, in order. Throws if a marker is not where it belongs. */
export function examplesOf(guide: string): Example[] {
  return [...guide.matchAll(FENCE)].map((match) => {
    const [whole, marked, text = '', doubt] = match
    if ((marked === undefined) !== (doubt === undefined)) throw new Error(`half of a doubted example:\n${whole}`)
    const line = guide.slice(0, match.index).split('\n').length + (marked ? 2 : 1)
    const title = /^## (.*)$/m.exec(text)?.[1] ?? ''
    return { line, title, markdown: text.startsWith('---\n') ? text : FRONT_MATTER + text, doubt: doubt?.trimEnd() }
  })
}

/** The `###` sections about one kind of check each. */
export function kindSections(guide: string): { kind: string; text: string }[] {
  // Of the same length, but without the headings inside the examples.
  const outline = guide.replace(FENCE, (whole) => whole.replaceAll('#', '-'))
  const headings = [...outline.matchAll(/^(##|###) (.*)$/gm)]
  const first = headings.findIndex((heading) => heading[2] === 'The kinds of checks') + 1
  const last = headings.findIndex((heading, index) => index >= first && heading[1] === '##')
  return headings.slice(first, last).map((heading, index) => {
    const text = guide.slice(heading.index, headings[first + index + 1]?.index)
    return { kind: heading[2]!, text }
  })
}
