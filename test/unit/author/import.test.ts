import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { htmlToMarkdown, isHtml } from '../../../src/author/transcript/html.ts'
import { importDraft } from '../../../src/author/transcript/import-draft.ts'
import { strongPrompt } from '../../../src/author/transcript/prompts.ts'

function imported(text: string, world: 'isolated' | 'lan' = 'isolated') {
  const { draft, notes } = importDraft(isHtml(text) ? htmlToMarkdown(text) : text, {
    world,
    title: undefined,
    fallback: 'Fallback',
  })
  const items = [...draft.intro, ...draft.sections.flatMap((section) => section.items)]
  return {
    title: draft.title,
    sections: draft.sections.map(({ title }) => title),
    commands: items.filter((item) => item.kind === 'command'),
    typed: items.flatMap((item) => (item.kind === 'command' ? [item.text] : [])),
    prose: items.flatMap((item) => (item.kind === 'prose' ? [item.markdown] : [])).join('\n\n'),
    texts: items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])),
    notes: notes.map(({ line, text }) => `${line}: ${text}`),
  }
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/transcripts/${name}`, import.meta.url), 'utf8')
}

describe('prompts', () => {
  test.each([
    ['[root@host ~]# ip a', 'ip a', 'host'],
    ['[kim@host work]$ ip a', 'ip a', 'host'],
    ['root@host ~]# ip a', 'ip a', 'host'],
    ['kim@host:~$ ip a', 'ip a', 'host'],
    ['kim@host:~/some/dir$ ip a', 'ip a', 'host'],
    ['root@host:/# ip a', 'ip a', 'host'],
    ['root@host ~ # ip a', 'ip a', 'host'],
    ['(venv) kim@host:~$ ip a', 'ip a', 'host'],
    ['(red) [root@host ~]# ip a', 'ip a', 'host'],
    ['root@host:~#ip a', 'ip a', 'host'],
    ['root@host:~# ', '', 'host'],
    ['root@host:~#', '', 'host'],
    ['linux:~ # ip a', 'ip a', 'linux'],
    ['cell/0a-1b:~# ip a', 'ip a', 'cell/0a-1b'],
    ['bash-5.1# ip a', 'ip a', undefined],
    ['sh-4.2$ ip a', 'ip a', undefined],
    ['/ # ip a', 'ip a', undefined],
    ['/app # ip a', 'ip a', undefined],
    ['➜  ~ ip a', 'ip a', undefined],
    ['vm1$sudo ip a', 'sudo ip a', 'vm1'],
    ['h1# ping -c 1 10.0.0.2', 'ping -c 1 10.0.0.2', 'h1'],
  ])('%s', (line, command, host) => {
    expect(strongPrompt(line)).toEqual({ command, host })
  })

  test.each([
    '# a comment',
    '$ ls',
    'PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.',
    "kim@10.0.0.8's password: ",
    '    link/ether 0a:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
    'price$ is not a command',
    '/dev/sda1 on / type ext4 # comment',
    'Write to kim@example.com: it is free',
    '',
  ])('none: %s', (line) => {
    expect(strongPrompt(line)).toBeUndefined()
  })
})

describe('transcripts that people have pasted', () => {
  test('an article whose fences have the wrong language, some in a list', () => {
    const { title, sections, typed, texts, notes, prose } = imported(fixture('article.md'))
    expect({ title, sections }).toEqual({ title: 'Rooms and a switch', sections: ['First room', 'A switch'] })
    expect(typed).toMatchInlineSnapshot(`
      [
        "ip netns add left",
        "ip -n left link",
        "ip netns exec left ping -c 3 127.0.0.1",
        "ip link add sw-left type veth peer name up0 netns left",
        "ip link add sw0 type bridge",
        "ip link set sw-left master sw0",
        "for d in sw0 sw-left; do
      ip link set $d up
      done",
        "ip addr add 10.77.0.1/24 dev sw0",
        "ip -n left addr add 10.77.0.2/24 dev up0",
        "ip -n left link set up0 up",
        "ping -c 2 10.77.0.2",
      ]
    `)
    expect(texts).toEqual(['# tcpdump -ni sw0\n0 packets captured'])
    expect(notes).toMatchInlineSnapshot(`
      [
        "30: \`ip netns exec left ping 127.0.0.1\`: \`-c 3\` was added, because it would not end by itself",
        "60: \`ping 10.77.0.2\`: \`-c 2\` was added, because it would not end by itself",
        "68: \`tcpdump -ni sw0\` is only shown: it does not end by itself",
      ]
    `)
    for (const words of ['tags: [linux, network]', 'the switch, and its first port', 'int main', '### What I learned'])
      expect(prose).toContain(words)
  })

  test('a page, with lines that are those of the page', () => {
    const { title, sections, typed, notes, prose } = imported(fixture('page.html'))
    expect({ title, sections }).toEqual({ title: 'Two rooms & a cable', sections: ['Rooms', 'Cable'] })
    expect(typed).toMatchInlineSnapshot(`
      [
        "ip netns add east",
        "ip netns add west",
        "ip netns list | sort",
        "ip link add e0 netns east type veth peer name w0 netns west",
        "ip -n east -br link show e0",
      ]
    `)
    expect(notes).toMatchInlineSnapshot(`
      [
        "7: \`sudo\` was taken away here and in 3 other commands: in a lab one is root",
      ]
    `)
    expect(prose).toContain('As **promised**, by hand.')
    expect(prose).not.toContain('rm -rf')
  })

  test('the text of a terminal with notes between', () => {
    const { sections, typed, prose, commands } = imported(fixture('steps.txt'))
    expect(sections).toEqual(['Step 1: A room', 'Step 2: A rule'])
    expect(typed).toMatchInlineSnapshot(`
      [
        "ip netns add attic",
        "ip netns",
        "ip netns exec attic bash",
        "ip -br link",
        "exit",
        "iptables -A INPUT \\
      -p icmp -j DROP",
        "iptables -S INPUT",
        "docker run --rm hello-labrun-no-such-image",
      ]
    `)
    expect(prose).toContain('taken on a rainy day')
    expect(prose).toContain('as a guest would do it')
    expect(commands.at(-1)).toMatchObject({ line: 21, printed: 'Hello from an image that is not there!\n' })
  })

  test('the file of script(1), with colours and with what was typed and taken back', () => {
    const { typed, commands } = imported(fixture('session.typescript'))
    expect(typed).toEqual(['ip netns add cellar', 'ip -n cellar -br link', 'echo one\\\ntwo', 'exit'])
    expect(commands[1]!.printed).toBe('lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n')
  })
})

describe('what is a command, and what is not', () => {
  test.each<[string, string, string[], string]>([
    [
      'dollars, with comments between',
      '```\n# first this\n$ ip a\n1: lo\n\n# then that\n$ ip r\n```',
      ['ip a', 'ip r'],
      'first this\n\nthen that',
    ],
    ['root prompts alone', '# ip netns add a\n# ip netns\na\n', ['ip netns add a', 'ip netns'], ''],
    [
      'a script with comments',
      '```bash\n# make it\nip netns add a\nip netns add b # too\n```',
      ['ip netns add a', 'ip netns add b # too'],
      'make it',
    ],
    [
      'a fence without a language that holds commands',
      '```\nip netns add a\nping -c 1 10.0.0.1\n```',
      ['ip netns add a', 'ping -c 1 10.0.0.1'],
      '',
    ],
    [
      'lines that go on',
      '```\n$ ip link add a \\\n    type dummy\n$ cat <<END\n$ no prompt\nEND\n```',
      ['ip link add a \\\n    type dummy'],
      '',
    ],
    ['a comment at the prompt', '```\n$ # look\n$ ip a\n```', ['ip a'], 'look'],
  ])('%s', (_what, text, typed, prose) => {
    const found = imported(text)
    expect(found.typed.slice(0, typed.length)).toEqual(typed)
    expect(found.prose).toBe(prose)
  })

  test('a block of another kind is kept as it is, and one that could be meant is told of', () => {
    const { typed, prose, texts, notes } = imported(
      '## It\n\n```json\n{"a": 1}\n```\n\n```\nsome output\n```\n\n```sh\nwhat is this\n```\n',
    )
    expect(typed).toEqual([])
    expect(prose).toContain('```json\n{"a": 1}\n```')
    expect(texts).toEqual(['some output', 'what is this'])
    expect(notes).toEqual([
      '8: no command was found in this block; it is only shown',
      '12: no command was found in this block; it is only shown',
    ])
  })

  test('machines of a lan have terminals of their own', () => {
    const text = 'root@host:~# ip a\nroot@client:~# ip r\n'
    expect(imported(text, 'lan').commands.map(({ terminal }) => terminal)).toEqual(['main', 'client'])
    expect(imported(text).commands.map(({ terminal }) => terminal)).toEqual(['main', 'main'])
    expect(imported(text).notes[0]).toMatch(/several machines \(host, client\)/)
  })

  test('headings that hold commands are steps, whatever their level', () => {
    const cell = '```\n$ ip a\n```'
    expect(imported(`# One\n\n${cell}\n\n# Two\n\n${cell}\n`).sections).toEqual(['One', 'Two'])
    expect(imported(`# Title\n\n### One\n\n${cell}\n\n### Two\n\n${cell}\n`).sections).toEqual(['One', 'Two'])
    expect(imported(`# Title\n\n## One\n\n### Deeper\n\n${cell}\n`).sections).toEqual(['One'])
  })
})

test('no word of a text is lost', () => {
  const word = fc.stringMatching(/^[a-z]{3,8}[0-9]{4}$/)
  const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '))
  const part = fc.oneof(
    words,
    words.map((text) => `## ${text}`),
    words.map((text) => `\`\`\`\n$ echo ${text}\n${text}\n\`\`\``),
    words.map((text) => `\`\`\`sh\n# ${text}\nip ${text}\n\`\`\``),
    words.map((text) => `- ${text}\n\n  \`\`\`\n  root@a:~# echo ${text}\n  \`\`\``),
    words.map((text) => `    ${text}`),
    words.map((text) => `> ${text}`),
    words.map((text) => `root@a:~# echo ${text}`),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const text = parts.join('\n\n')
      const { draft } = importDraft(text, { world: 'isolated', title: undefined, fallback: '' })
      const kept = JSON.stringify(draft)
      for (const one of text.match(/[a-z]{3,8}[0-9]{4}/g) ?? []) expect(kept).toContain(one)
    }),
  )
})

test('nothing that is given makes it throw', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '```',
      '~~~',
      '$ ',
      '# ',
      'root@a:~# ',
      '<pre>',
      '</pre>',
      '---',
      '\u001b[31m',
      '\b',
      '\r',
      '<details>',
      '> ',
      'ip a',
      "'",
      '<<X',
      '\\',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('\n', ''), (pieces, between) => {
      imported(pieces.join(between))
    }),
  )
})
