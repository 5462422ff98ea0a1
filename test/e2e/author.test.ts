import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import { CLI, type Ended, labrunWith } from '../support/labrun.ts'
import { Screen } from './screen.ts'

const TRANSCRIPTS = fileURLToPath(new URL('../fixtures/transcripts/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'labrun-author-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function labrun(...words: readonly string[]): Promise<Ended> {
  return await labrunWith({ cwd: folder }, ...words)
}

/** Runs labrun with something on its standard input. */
async function fed(input: string, ...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...words], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
  child.stdin.end(input)
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { status: status ?? undefined, stdout: String(Buffer.concat(out)), stderr: String(Buffer.concat(err)) }
}

function lab(name: string, ...parts: readonly string[]): string {
  writeFileSync(join(folder, name), [`${frontMatter()}## It\n`, ...parts].join('\n'))
  return name
}

function text(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

async function expectProven(name: string): Promise<void> {
  const { status, stdout } = await labrun('verify', name)
  expect(stdout).toContain('1 of 1 labs proven')
  expect(status).toBe(0)
}

describe('new', () => {
  test.each(['isolated', 'lan'])('a lab that is proven at once: %s', async (world) => {
    const { status, stdout } = await labrun('new', `fresh-${world}.md`, '--world', world, '--title', 'A: "new" lab')
    expect({ status, first: stdout.split('\n')[0] }).toEqual({
      status: 0,
      first: `fresh-${world}.md is written. What comes next:`,
    })
    expect(text(`fresh-${world}.md`)).toContain('# A: "new" lab\n')
    await expectProven(`fresh-${world}.md`)
    const again = await labrun('update', '--check', `fresh-${world}.md`)
    expect(again).toMatchObject({ status: 0, stdout: `✓ fresh-${world}.md: up to date\n` })
  })

  test('nothing is overwritten, and nothing is written where it cannot be', async () => {
    writeFileSync(join(folder, 'mine.md'), 'mine')
    for (const command of ['new', 'record']) {
      expect(await labrun(command, 'mine')).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/mine\.md is there already/),
      })
      expect(await labrun(command, 'nowhere/x.md')).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/no folder nowhere[\s\S]*mkdir -p nowhere/),
      })
      expect(await labrun(command, '-x y.md')).toMatchObject({ status: 2 })
    }
    expect(text('mine.md')).toBe('mine')
  })
})

describe('update', () => {
  const OLD = [
    'Some *text*.  ',
    fence('sh', 'ip netns add box', 'ip -n box link set lo up', 'ip netns exec box ping -c 3 -i 0.2 127.0.0.1'),
    '- in a list:',
    '',
    '  ~~~output',
    '  PING 127.0.0.1 (127.0.0.1) <*>',
    '  ...',
    '  2 packets transmitted, 2 received, <loss:int>% packet loss, time <int>ms',
    '  ...',
    '  ~~~',
    fence(
      'console',
      '$ cat /sys/class/net/lo/mtu',
      '1500',
      '',
      '# cat /nothing',
      'cat: old words',
      '[exit 3]',
      '# echo $RANDOM',
      '12',
      '# echo {{loss}} lost',
      '{{loss}} lost',
    ),
    fence('yaml check', '- netns: box'),
  ]

  test('new output, with all that still fits; nothing else changes; then it is proven', async () => {
    const name = lab('old.md', ...OLD)
    writeFileSync(join(folder, name), text(name).replaceAll('\n', '\r\n'))
    const before = text(name)
    const checked = await labrun('update', '--check', name)
    expect(checked).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^-1500$[\s\S]*^\+65536$[\s\S]*old\.md: out of date/m),
    })
    expect(text(name)).toBe(before)
    expect(await labrun('update', name)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/✓ old\.md: rewritten\n$/),
    })
    const changes: readonly [string, string][] = [
      ['2 packets transmitted, 2 received', '3 packets transmitted, 3 received'],
      ['\r\n1500\r\n', '\r\n65536\r\n'],
      ['cat: old words\r\n[exit 3]', 'cat: /nothing: No such file or directory\r\n[exit 1]'],
      ['\r\n12\r\n', '\r\n<int>\r\n'],
      // Bash does not know the name: what it prints are the braces themselves.
      ['\r\n{{loss}} lost', '\r\n/\\{\\{loss\\}\\} lost/'],
    ]
    expect(text(name)).toBe(changes.reduce((all, [from, to]) => all.replace(from, to), before))
    const after = text(name)
    expect(await labrun('update', name)).toMatchObject({ status: 0, stdout: '✓ old.md: up to date\n' })
    expect(text(name)).toBe(after)
    await expectProven(name)
  })

  test.each([
    [
      'a command that fails',
      fence('sh', 'cat /nothing'),
      /bad\.md:8: `cat \/nothing` ended with status 1, expected 0: cat: .*\n {4}→ if it is meant to fail, say so: `exit=N`/,
    ],
    [
      'a command of a transcript that fails',
      fence('console', '# false'),
      /`false` ended with status 1.*\n {4}→ .*write `\[exit 1\]` below it/,
    ],
    ['a command that does not end', fence('sh timeout=1s', 'sleep 60'), /`sleep 60` did not end in time/],
    [
      'a check that could not be made',
      fence('sh', 'true') + fence('yaml check', '- ping: nowhere -> 10.0.0.1'),
      /ping: nowhere -> 10\.0\.0\.1: .*namespace/,
    ],
    ['output that is too long', fence('console', '# seq 400000', '1'), /printed too much/],
  ])('%s: nothing is written', async (_what, part, message) => {
    const name = lab('bad.md', part, fence('console', '# echo new', 'old'))
    const before = text(name)
    const { status, stdout } = await labrun('update', name)
    expect(stdout).toMatch(/^✗ bad\.md: not rewritten\n/)
    expect(stdout).toMatch(message)
    expect(status).toBe(1)
    expect(text(name)).toBe(before)
  })

  test('a failure that the lab tells of is no failure; a check that does not hold is told', async () => {
    const name = lab(
      'told.md',
      fence('sh exit=1', 'echo new; false'),
      fence('output', 'old'),
      fence('yaml check', '- netns: never'),
    )
    const { status, stdout } = await labrun('update', name)
    expect(stdout).toMatch(/told\.md: rewritten\n {2}told\.md:\d+: netns: never does not hold/)
    expect(status).toBe(1)
    expect(text(name)).toContain('```output\nnew\n```')
  })

  test('a step that needs one with old output is brought up to date too', async () => {
    const second = `\n## Two\n\n<!-- step: two needs: [it] -->\n${fence('console', '# echo b', 'old')}`
    const name = lab('needs.md', fence('console', '# echo a', 'old'), second)
    expect((await labrun('update', name)).status).toBe(0)
    expect(text(name).match(/^[ab]$/gm)).toEqual(['a', 'b'])
  })

  test('a file with mistakes, or none at all, is told as everywhere', async () => {
    const name = lab('wrong.md', fence('sh setpu', 'true'))
    expect(await labrun('update', name)).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/wrong\.md:7:7: unknown attribute/),
    })
    expect(await labrun('update', 'no-such-lab')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/there is no lab no-such-lab/),
    })
  })
})

describe('record', () => {
  test('the lines of a pipe: commands, prose and steps, with proven checks', async () => {
    const lines = [
      '# Why a cable?',
      '## Rooms',
      'ip netns add red',
      'ip netns add blue',
      '## Cable',
      '# One command.',
      'ip link add r0 netns red type veth \\',
      '  peer name b0 netns blue',
      'ip -n red link set r0 up',
      'ip -n blue link set b0 up',
      'ip -n red link show r0',
      'cat /nothing',
      'echo `uname` > /tmp/x; cat /tmp/x',
      'exit',
      'echo never',
    ]
    const { status, stdout } = await fed(`${lines.join('\n')}\n`, 'record', 'cables.md', '--title', 'Cables')
    expect(stdout).toMatch(/✓ cables\.md is written and proven: 2 steps, 2 checks\n$/)
    expect(status).toBe(0)
    const written = text('cables.md')
    expect(written).toMatch(/^---\nlabrun: 1\n---\n\n# Cables\n[\s\S]*\nWhy a cable\?\n\n## Rooms\n/)
    expect(written).toContain(
      '\n## Cable\n\nOne command.\n\n```sh\nip link add r0 netns red type veth \\\n  peer name b0 netns blue\n',
    )
    expect(written).toMatch(
      /<int>: r0@if<int>: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 [\s\S]*link\/ether <mac> brd/,
    )
    expect(written).toContain('cat: /nothing: No such file or directory\n[exit 1]\n')
    expect(written).toContain('- netns: [blue, red]')
    expect(written).toContain('- link: blue/b0\n  peer: red/r0\n  state: up')
    expect(written).not.toContain('never')
    await expectProven('cables.md')
  })

  test('nothing typed, nothing written; a machine that is not there', async () => {
    expect(await fed('## Title\n', 'record', 'none.md')).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/Nothing was recorded/),
    })
    expect(existsSync(join(folder, 'none.md'))).toBe(false)
    const lonely = await fed('@client\n', 'record', 'none.md')
    expect(lonely.stdout).toMatch(/no client in this world: begin with `--world lan`/)
  })

  test('another machine has a terminal of its own', async () => {
    const { status } = await fed(
      'ip addr add 192.168.0.77/24 dev ens33\n@client\nping -c 1 192.168.0.77\n',
      'record',
      'two.md',
      '--world',
      'lan',
    )
    expect(status).toBe(0)
    expect(text('two.md')).toMatch(/^world: lan$[\s\S]*^```console terminal=client\n# ping/m)
    expect(text('two.md')).toContain('- ping: client -> 192.168.0.77')
  })

  test('on a terminal: lines that go on, Ctrl-C, a command that is taken back', { timeout: 120_000 }, async () => {
    const screen = new Screen(['record', join(folder, 'typed.md')], {}, { cols: 100, rows: 40 })
    try {
      const at = async (after: string | RegExp, line: string) => {
        await screen.shows(after)
        await screen.shows(/\n[#>]$/)
        screen.type(line)
      }
      await at('what you do is recorded', 'ip netns add wrong\r')
      await at('# ip netns add wrong', ':undo\r')
      await at('taken back: ip netns add wrong', 'ip netns add right\r')
      await at('# ip netns add right', 'for i in 1 2; do\r')
      await at('in 1 2; do', 'echo "n$i"; done\r')
      await at('n2', 'sleep 60\r')
      await screen.shows('# sleep 60')
      await new Promise((resolve) => setTimeout(resolve, 500))
      screen.type('\u0003')
      await at('this did not end by itself', 'half a line')
      await screen.shows('half a line')
      screen.type('\u0003')
      await at('this did not end by itself', 'ip netns\r')
      await screen.shows(/# ip netns\s+right/)
      screen.type('\u0004')
      await screen.shows('is written and proven', 90_000)
      expect(await screen.ended).toBe(0)
    } finally {
      screen.close()
    }
    const written = text('typed.md')
    expect(written).not.toMatch(/wrong|sleep|half/)
    expect(written).toContain('# for i in 1 2; do\n> echo "n$i"; done\nn1\nn2\n')
    expect(written).toContain('- netns: right')
  })
})

describe('import', () => {
  test('an article becomes a lab that is proven', async () => {
    const { status, stdout, stderr } = await labrun('import', join(TRANSCRIPTS, 'article.md'), '--output', 'switch.md')
    expect(stderr).toMatch(/article\.md:68: `tcpdump -ni sw0` is only shown/)
    expect(stderr).toMatch(/✓ switch\.md is proven: 2 steps, \d checks\n$/)
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(text('switch.md')).toContain('ping: connect: Network is unreachable\n[exit 2]\n')
    expect(text('switch.md')).toContain('- link: sw-left\n  peer: left/up0\n  state: up')
    await expectProven('switch.md')
  })

  test('what fails is told with its line, and the lab is written nevertheless', async () => {
    const { status, stdout, stderr } = await labrun('import', join(TRANSCRIPTS, 'steps.txt'), '--title', 'Attic')
    expect(stderr).toMatch(/steps\.txt:21: `docker run .* ended with status \d+/)
    expect(stderr).toMatch(/! the lab is written, but does not work yet/)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^---\nlabrun: 1\n---\n\n# Attic\n/)
    expect(stdout).toContain('Hello from an image that is not there!')
    expect(stdout).toContain('- iptables: filter INPUT -p icmp -j DROP')
  })

  test('without running it, the output is that of the text', async () => {
    const { status, stdout } = await fed(
      readFileSync(join(TRANSCRIPTS, 'page.html'), 'utf8'),
      'import',
      '-',
      '--no-run',
    )
    expect(status).toBe(0)
    expect(stdout).toContain('e0@if<int>           DOWN           <mac> <BROADCAST,MULTICAST>')
    expect(stdout).not.toContain('yaml check')
    writeFileSync(join(folder, 'unrun.md'), stdout)
    expect((await labrun('lint', 'unrun.md')).status).toBe(0)
  })

  test('nothing to import', async () => {
    expect(await labrun('import', 'no-such-file')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/cannot read no-such-file/),
    })
    expect(await fed('Only words.\n', 'import', '-')).toMatchObject({
      status: 1,
      stderr: 'standard input: no command was found\n',
      stdout: expect.stringContaining('Only words.'),
    })
  })
})
