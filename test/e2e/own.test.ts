import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CLI, type Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const LAB = fileURLToPath(new URL('../fixtures/own.md', import.meta.url))

/** The prompt of the shell, with nothing typed after it. */
const PROMPT = /root@host(?:\[\w+\])?:\S+# ?$/

describe('a shell of one’s own in the guide', () => {
  const screens = eachWithScreens()
  const open = () => screens.open([LAB])

  /** Types a command line at the prompt of the shell. */
  async function type(screen: Screen, text: string): Promise<void> {
    await screen.shows(PROMPT)
    screen.type(`${text}\r`)
  }

  async function begin(): Promise<Screen> {
    const screen = open()
    await screen.answer('▸ NAME=kept', 'd\r')
    await screen.shows('This shell is yours')
    return screen
  }

  it('says after each command what holds, and goes on by itself to the next step', async () => {
    const screen = await begin()
    await type(screen, 'ip netns add net1')
    await screen.shows(/1 of 3: .*net2/)
    await type(screen, 'ip netns add net2; NAME=mine')
    await screen.shows(/2 of 3: /)
    await type(screen, 'touch /tmp/made')
    await screen.shows('3 of 3 hold: next goes on.')
    await type(screen, 'next')
    await screen.shows('Step 2 of 2')
    await type(screen, 'cat /tmp/from-setup')
    await screen.shows(/^mine$/m)
    await type(screen, 'ip link add veth1 type veth peer name veth2')
    await screen.shows('2 of 2 hold')
    expect(screen.text()).not.toContain('And some more.')
    await type(screen, 'next')
    await screen.shows('And some more.')
    await type(screen, 'next')
    await screen.shows('You have finished')
    expect(await screen.ended).toBe(0)
  })

  it('has the commands check, hint, why, map and help, completed by Tab, with their status', async () => {
    const screen = await begin()
    await type(screen, 'check && echo never || echo "not yet"')
    await screen.shows('✗')
    await screen.shows('not yet')
    await screen.shows('The hint of the first step.')
    await type(screen, 'labrun wh\t')
    await screen.shows('The file has to be there.')
    await type(screen, 'map')
    await screen.shows(/─ host ─[\s\S]*└─/)
    await type(screen, 'help')
    await screen.shows('begin this step anew')
    await type(screen, 'help cd')
    await screen.shows('Change the shell working directory.')
    await type(screen, 'labrun nonsense; echo "status $?"')
    await screen.shows('status 2')
  })

  it('shows each verdict of check as soon as it is there, and looks no second time for why', async () => {
    const screen = await begin()
    await type(screen, 'ip netns add net1; check')
    await screen.shows(/✗ run[\s\S]*root@host:\S+# ?$/)
    // It is there for a moment only.
    expect(screen.raw).toMatch(/there is net1[\s\S]*… run: test -e \/tmp\/made[\s\S]*ends with status 0/)
    const start = Date.now()
    await type(screen, 'why')
    await screen.shows(/# why\n[\s\S]*✗ netns: net2[\s\S]*✗ run[\s\S]*root@host:\S+# ?$/)
    expect(Date.now() - start).toBeLessThan(1000)
  })

  it('carries the state of the shell both ways', async () => {
    const screen = open()
    await screen.answer('▸ NAME=kept', 'F=5; f() { echo "f $F"; }; cd /tmp\r')
    await screen.answer('# F=5', 'do\r')
    await type(screen, 'f; pwd; G=6; g() { echo "g $G"; }; cd /run')
    await screen.shows(/^f 5$/m)
    await screen.shows(/^\/tmp$/m)
    await type(screen, 'ip netns add inner; ip netns exec inner bash')
    await screen.shows(/root@host\[inner\]/)
    await type(screen, 'follow')
    await screen.answer('▸ NAME=kept', 'g; pwd; ip netns identify\r')
    await screen.shows(/g 6[\s\S]*\/run/)
    expect(screen.text()).not.toMatch(/^ *inner$/m)
  })

  it('runs full-screen programs, obeys Ctrl-C, Ctrl-Z and the size of the window', async () => {
    const screen = await begin()
    await type(screen, 'vim /tmp/text')
    await screen.shows('"/tmp/text" [New]')
    screen.type('ihello\u001b:wq\r')
    await type(screen, 'cat /tmp/text')
    await screen.shows(/^hello$/m)
    // A `cat` that has answered is surely in front.
    await type(screen, 'cat')
    await screen.shows(/# cat$/)
    screen.type('one\r')
    await screen.shows(/^one\none$/m)
    screen.type('\u0003')
    await type(screen, 'echo "status $?"; cat')
    await screen.shows(/^status 130$/m)
    screen.type('two\r')
    await screen.shows(/^two\ntwo$/m)
    screen.type('\u001a')
    await screen.shows('Stopped')
    await type(screen, 'jobs')
    await screen.shows(/Stopped[\s\S]*# jobs[\s\S]*Stopped +.*cat/)
    screen.resize(91, 31)
    await type(screen, 'stty size')
    await screen.shows(/^31 91$/m)
    await type(screen, 'follow')
    await screen.shows('once more ends them')
    await type(screen, 'follow')
    await screen.answer('▸ NAME=kept', 'q\r')
    await screen.ended
  })

  it('is left also from a shell that another program has started, and is not stopped by suspend', async () => {
    const screen = await begin()
    await type(screen, 'suspend; echo "went on"')
    await screen.shows(/^went on$/m)
    await type(screen, `KEPT=1; perl -e 'system("bash -i"); <STDIN>'`)
    await screen.shows(/STDIN>'\n[\s\S]*root@host:\S+# ?$/)
    await type(screen, 'follow')
    await screen.answer(/follow\n[\s\S]*▸ NAME=kept/, 'echo "kept $KEPT"\r')
    await screen.shows('kept 1')
  })

  it('says that it has lost sight when PROMPT_COMMAND is taken away, and sees again', async () => {
    const screen = await begin()
    await type(screen, "PROMPT_COMMAND='echo mine'")
    await screen.shows(/^mine\n/m)
    await type(screen, 'ip netns add net1')
    await screen.shows(/1 of 3: /)
    await type(screen, 'unset PROMPT_COMMAND; trap - DEBUG')
    await screen.shows('labrun had lost sight')
    await type(screen, 'ip netns add net2')
    await screen.shows(/2 of 3: /)
  })

  it('does what was typed again after a kill, but not what took the whole screen', async () => {
    const screen = await begin()
    await type(screen, 'ip netns add net1; MARK=made')
    await screen.shows(/1 of 3: /)
    await type(screen, 'vim /tmp/text')
    await screen.shows('"/tmp/text" [New]')
    screen.type(':q\r')
    await type(screen, 'top')
    await screen.shows(/^top - /m)
    screen.type('q')
    await type(screen, 'ip netns exec net1 bash')
    await type(screen, 'touch /tmp/made')
    await screen.shows(/2 of 3: /)
    screen.kill()
    await screen.ended
    const second = open()
    await second.answer('You were at step 1 of 2', '\r')
    await second.shows('`vim /tmp/text` took the whole screen, and was not done again')
    await second.shows('`top` took the whole screen, and was not done again')
    await second.shows('root@host[net1]')
    await type(second, 'exit')
    await second.shows(/root@host:\S*#/)
    await type(second, 'echo "again $MARK"')
    await second.shows('again made')
  })

  it('keeps all of several lines that are pasted at once', async () => {
    const screen = await begin()
    await screen.shows(PROMPT)
    screen.type('\u001b[200~say() {\n  echo "kept $1"\n}\nexport -f say\nip netns add net1\u001b[201~\r')
    await screen.shows(/1 of 3: /)
    screen.kill()
    await screen.ended
    const second = open()
    await second.answer('You were at step 1 of 2', '\r')
    await type(second, 'bash -c "say it"; ip netns list')
    await second.shows(/^kept it\nnet1$/m)
  })

  it('takes the rest of a line that ends with next as done before it', async () => {
    const screen = await begin()
    await type(screen, 'ip netns add net1; next')
    await screen.shows(/✗ netns: net2[\s\S]*next: /)
    await type(screen, 'ip netns add net2; touch /tmp/made; next')
    await screen.shows('Step 2 of 2')
    await type(screen, 'reset')
    await screen.shows(/# reset\n[\s\S]*Step 2 of 2[\s\S]*root@host/)
    expect(screen.text()).not.toContain('This undoes')
    await type(screen, 'back')
    await screen.answer(
      /Back to the beginning of the step before \([^)]+\)\?\s+This\s+undoes\s+2\s+commands\s+of\s+your\s+own/,
      '\r',
    )
    await type(screen, 'quit')
    await screen.ended
    const second = open()
    await second.answer('You were at step 2 of 2', '\r')
    await second.shows(PROMPT)
    expect(second.text()).not.toContain('Not everything is as it was')
  })

  it('has a prompt without colours under NO_COLOR', async () => {
    const screen = screens.open([LAB], { NO_COLOR: '1', FORCE_COLOR: '' })
    await screen.answer('▸ NAME=kept', 'd\r')
    await type(screen, 'echo "[$PS1]"')
    await screen.shows(/^\[\\u@/m)
  })

  it('does not count a block as left out when the world has died', async () => {
    const screen = await begin()
    await type(screen, 'reboot -f')
    await screen.shows('the world has died', 15_000)
    expect(await screen.ended).toBe(2)
    // What was typed may have been told of before the end.
    const kept = join(screens.state, 'labrun', 'progress')
    for (const name of readdirSync(kept)) expect(readFileSync(join(kept, name), 'utf8')).toMatch(/"left": \[\]/)
  })

  it('begins the step anew, exactly', async () => {
    const screen = await begin()
    await type(screen, 'ip netns add wrong')
    await screen.shows(/0 of 3: /)
    await type(screen, 'reset')
    await screen.answer('This undoes a command of your own', 'y\r')
    await screen.shows(/reset[\s\S]*Step 1 of 2[\s\S]*root@host/)
    await type(screen, 'echo "[$(ip netns list)]"')
    await screen.shows(/^\[\]$/m)
  })

  it('lets other windows in, each at a terminal of its own', async () => {
    const first = await begin()
    await type(first, 'cd /run')
    const second = screens.open(['shell'])
    await second.shows('terminal 2')
    await type(second, 'ip netns add net1; tty')
    await second.shows(/1 of 3: /)
    await type(second, 'next')
    await second.shows('is for the first window')
    const third = screens.open(['shell', 'own', '--terminal', '2'])
    await third.shows('the terminal 2 is open in another window')
    expect(await third.ended).toBe(2)
    await type(second, 'exit')
    expect(await second.ended).toBe(0)
    await type(first, 'ip netns list')
    await first.shows(/^net1/m)
  })

  const hasTmux = spawnSync('tmux', ['-V']).status === 0
  if (!hasTmux) console.info('skipped: a pane of tmux: tmux is not installed')

  it.runIf(hasTmux)('opens a terminal in a pane of tmux', async () => {
    const socket = join(screens.folder, 'tmux')
    const tmux = (...words: string[]) => execFileSync('tmux', ['-S', socket, ...words], { encoding: 'utf8' })
    const shows = async (pane: string, what: RegExp) =>
      await expect.poll(() => tmux('capture-pane', '-p', '-t', pane), { timeout: 45_000 }).toMatch(what)
    const command = `XDG_STATE_HOME='${screens.state}' '${process.execPath}' '${CLI}' '${LAB}'`
    tmux('new-session', '-d', '-x', '100', '-y', '50', command)
    try {
      await shows('0', /▸ NAME=kept[\s\S]*›/)
      tmux('send-keys', 'd', 'Enter')
      await shows('0', /root@host:\S+# *$/m)
      tmux('send-keys', 'window 3', 'Enter')
      await expect.poll(() => tmux('list-panes').trim().split('\n').length, { timeout: 45_000 }).toBe(2)
      await shows('1', /terminal 3[\s\S]*root@host/)
      tmux('send-keys', '-t', '1', 'ip netns add net1', 'Enter')
      await shows('1', /1 of 3/)
    } finally {
      tmux('kill-server')
    }
  })

  it('says when there is nothing to join', async () => {
    const screen = screens.open(['shell'])
    await screen.shows('no lab is open')
    expect(await screen.ended).toBe(2)
  })
})
