import type { DraftItem, Note } from '../draft.ts'

/** A command as it was typed somewhere, and what it printed there. */
export interface Typed {
  readonly text: string
  /** Undefined if that is not known. */
  readonly printed: string | undefined
  /** From 1. */
  readonly line: number
  readonly terminal: string
}

export interface Adapted {
  readonly item: DraftItem
  readonly notes: readonly Note[]
  /** It was typed by somebody who is not root. */
  readonly hadSudo: boolean
}

/** Makes a command fit for a lab, in which one is root and nobody presses Ctrl-C; tells what was changed. */
export function adaptCommand(typed: Typed): Adapted {
  const notes: Note[] = []
  const name = `\`${typed.text.split('\n')[0]}\``
  const note = (text: string) => void notes.push({ line: typed.line, text })
  const interrupted = typed.printed?.includes('^C') ?? false
  const printed = typed.printed?.replace(/^\^C\n|\^C/gm, '').replace(/^(?:exit|logout)\n$/, '')
  const reason = unfit(typed.text) ?? (interrupted && !isPing(typed.text) ? 'it was ended with Ctrl-C' : undefined)
  if (reason) {
    note(`${name} is only shown: ${reason}`)
    return { item: { kind: 'text', text: `# ${typed.text}\n${printed ?? ''}`.trimEnd() }, notes, hadSudo: false }
  }
  let text = withoutSudo(typed.text)
  const hadSudo = text !== typed.text
  if (isPing(text) && !/\s-[a-zA-Z]*[cw]/.test(text)) {
    const count = pings(printed ?? '')
    text = text.replace(/\bping6?\b/, `$& -c ${count}`)
    note(`${name}: \`-c ${count}\` was added, because it would not end by itself`)
  }
  const { terminal, line } = typed
  return { item: { kind: 'command', text, terminal, duration: undefined, line, printed }, notes, hadSudo }
}

/** Why a command makes no sense in a lab, before anything was tried. */
function unfit(text: string): string | undefined {
  if (/^\s*sudo\s+(?:-[is]\b|su\b|bash\s*$)|^\s*su\b/.test(text)) return 'in a lab one is root already'
  const words = withoutSudo(text).replace(/^\s*ip netns exec \S+ /, '')
  if (/^\s*(?:tcpdump|tshark)\b/.test(words) && !/\s-c\s*\d|&\s*$/.test(words)) return 'it does not end by itself'
  if (/^\s*(?:vim?|nano|emacs|less|more|man|top|htop|watch)\b/.test(words)) return 'it needs a terminal'
  return undefined
}

function isPing(text: string): boolean {
  return /^\s*(?:sudo\s+)?(?:ip netns exec \S+ )?ping6?\s/.test(text) && !/[|;&\n]/.test(text)
}

function withoutSudo(text: string): string {
  return text.replace(/(^|[|;&(]\s*|\n\s*)sudo\s+(?:-[EH]\s+)?(?!-)/g, '$1')
}

/** As many as there were, within reason. */
function pings(printed: string): number {
  const sent = /(\d+) packets transmitted/.exec(printed)?.[1]
  const seen = sent ? Number(sent) : (printed.match(/ bytes from /g)?.length ?? 0)
  return Math.min(Math.max(seen || 3, 1), 5)
}
