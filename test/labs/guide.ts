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
  return [...guide.matchAll(FENCE)].map(([whole, marked, text = '', doubt]) => {
    if ((marked === undefined) !== (doubt === undefined)) throw new Error(`half of a doubted example:\n${whole}`)
    const line = guide.slice(0, guide.indexOf(whole)).split('\n').length + (marked ? 2 : 1)
    const title = /^## (.*)$/m.exec(text)?.[1] ?? ''
    return { line, title, markdown: text.startsWith('---\n') ? text : FRONT_MATTER + text, doubt: doubt?.trimEnd() }
  })
}

/** The `###` sections about one kind of check each. */
export function kindSections(guide: string): { kind: string; text: string }[] {
  const part = /^## The kinds of checks\n([\s\S]*?)(?=^## [HTQ])/m.exec(guide)?.[1] ?? ''
  return part
    .split(/^### /m)
    .slice(1)
    .map((text) => ({ kind: text.slice(0, text.indexOf('\n')).trim(), text }))
}
