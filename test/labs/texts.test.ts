import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = new URL('../../labs/', import.meta.url)
const labs = readdirSync(folder).filter((name) => /^\d\d-.*\.md$/.test(name))

describe.each(labs)('%s', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')

  it('asks for a guess right before the command that answers it, not before the definition of a function', () => {
    const asked = [...text.matchAll(/\*\*Before you press Enter:\*\*(?:(?!\n```)[\s\S])*\n```\w+[^\n]*\n([^\n]*)/g)]
    expect(asked.map((match) => match[1]!).filter((line) => /^\w+\(\) *\{/.test(line))).toEqual([])
  })

  it('says how to come to another terminal or machine, where the reader is to try something alone', () => {
    const [, closing = ''] = text.split('\n## Explore further\n')
    const tips = closing.split(/\n(?=- )/)
    const elsewhere = tips.filter((tip) =>
      /second\s+terminal|on\s+the\s+(?:client|gateway)|machine\s+`client`\s+to/.test(tip),
    )
    expect(elsewhere.filter((tip) => !tip.replaceAll(/\s+/g, ' ').includes('`labrun shell'))).toEqual([])
  })

  it('waits for a tcpdump of its own: the file that says that it listens is emptied before', () => {
    const begun = [...text.matchAll(/([^\n]*)\n *tcpdump[^\n]*2> \/tmp\/log &/g)].map((match) => match[1]!.trim())
    expect(begun.filter((line) => line !== ': > /tmp/log')).toEqual([])
  })
})
