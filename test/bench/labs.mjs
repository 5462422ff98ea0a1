import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inTurn, LABRUN, median, run } from './measure.mjs'
import { ratio, without } from './table.mjs'

export const LABS = fileURLToPath(new URL('../../labs/', import.meta.url))
const PLAIN = 'its commands as one script'

/**
 * The labs that come with labrun, against their own commands in one bash script that checks nothing. The script runs
 * in a world that labrun has built, as one command of a terminal, and only that command is timed: nothing around it.
 * Where the world needs no outside machines it also runs in plain namespaces without labrun, from start to end.
 */
export async function benchLabs({ folder, rounds = 5 }) {
  const product = await import('../../dist/index.js')
  const rows = []
  const shares = []
  for (const name of readdirSync(LABS)
    .filter((entry) => /^\d.*\.md$/.test(entry))
    .toSorted()) {
    const path = join(LABS, name)
    const { lab } = product.parseLab(readFileSync(path, 'utf8'), path, product.checks)
    const reason = lab ? whyNotOneScript(lab) : 'labrun cannot read it'
    if (reason) rows.push(without({ what: name, other: PLAIN, note: `not compared: ${reason}` }))
    else {
      const { comparisons, parts } = await benchLab({ product, lab, rounds, log: join(folder, 'log') })
      rows.push(...comparisons)
      shares.push({ lab: lab.id, parts })
    }
  }
  return { rows, shares }
}

async function benchLab({ product, lab, rounds, log }) {
  const script = scriptOf(lab)
  const seen = new Map()
  const things = {
    labrun: () => runWithLabrun(lab.file, log, seen),
    world: () => runInWorld(product.World.open(product.localMachine, lab.world), script, seen),
  }
  if (!lab.world.lan) things.bare = () => runInBareNamespaces(script, seen)
  const { labrun, world, bare } = await inTurn(lab.id, rounds, things)
  const rest = labrun.total.map((total, round) => total - labrun.checks[round])
  const note = doubts(seen)
  const comparisons = [
    ratio({ what: `${lab.id}: whole run`, other: PLAIN, labrun: labrun.total, times: world, aim: 1.1, note }),
    ratio({ what: `${lab.id}: run less checks`, other: PLAIN, labrun: rest, times: world }),
  ]
  if (bare) {
    const other = 'the script, plain unshare'
    comparisons.push(ratio({ what: `${lab.id}: run less checks`, other, labrun: rest, times: bare }))
  }
  return {
    comparisons,
    parts: Object.fromEntries(Object.entries(labrun).map(([part, times]) => [part, median(times)])),
  }
}

/** All commands of a lab, one after another. */
export function scriptOf({ steps }) {
  const commands = steps.flatMap(({ items }) => items.filter(isBlock)).flatMap((block) => block.commands)
  return commands.map(({ text }) => `${text}\n`).join('')
}

export function whyNotOneScript({ steps, from, params, machine }) {
  if (from) return 'it starts from the end of another lab'
  if (Object.keys(params).length > 0) return 'its values differ per student'
  if (machine !== 'any') return 'it needs a machine of its own'
  const blocks = steps.flatMap(({ items }) => items.filter(isBlock))
  if (blocks.some(({ background, terminal }) => background || terminal !== 'main')) return 'it uses several terminals'
  return undefined
}

function isBlock({ kind }) {
  return kind === 'block'
}

/** One run as a person starts it, with the events on standard output to see where its time goes. */
export async function runWithLabrun(file, log, seen, on = 'local') {
  const parameters = ['run', '--on', on, '--reporter', 'events', '--reporter', 'text', '--output', log, file]
  const { time, first, status, stdout } = await run(process.execPath, [LABRUN, ...parameters])
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const output = events.filter(({ type }) => type === 'output').map(({ text }) => text)
  seen.set('labrun', { status, lines: lines(output.join('')) })
  return { total: time, 'start-up': first, ...partsOf(events, time - first) }
}

/** Milliseconds by what was done; `rest` is between all of these, `exit` after the last event. */
function partsOf(events, after) {
  const at = (type) => events.findLast((event) => event.type === type)?.time ?? 0
  const parts = {
    world: at('world-open') - at('lab-start'),
    commands: sumOf(events, 'command'),
    checks: sumOf(events, 'check'),
    drop: at('lab-end') - at('step-end'),
    exit: after - at('run-end'),
  }
  const { world, commands, checks, drop } = parts
  return { ...parts, rest: at('run-end') - world - commands - checks - drop }
}

/** From each start to the end that follows it. */
function sumOf(events, what) {
  let [sum, start] = [0, 0]
  for (const { type, time } of events) {
    if (type === `${what}-start`) start = time
    if (type === `${what}-end`) sum += time - start
  }
  return sum
}

/** The script comes through a pipe: a shell that it starts goes on reading where the first one stopped. */
export async function runInWorld(opening, script, seen) {
  const world = await opening
  try {
    await world.probe('host', ['tee', '/root/.bench'], { input: script, amongStudents: true })
    // What opening the terminal takes is not the script's time.
    const there = await world.run('main', 'test -s /root/.bench', { timeout: 10_000 })
    if (there.status !== 0) throw new Error('the script is not in the world')
    const start = performance.now()
    const { status, output } = await world.run('main', 'cat /root/.bench | bash -s', { timeout: 120_000 })
    const time = performance.now() - start
    seen.set('in the world', { status, lines: lines(output) })
    return time
  } finally {
    await world.close()
  }
}

/** The same namespaces without labrun, and as little in them as the labs need. */
async function runInBareNamespaces(script, seen) {
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8' }
  const { time, status, stdout } = await run('unshare', ['-Urnmpuif', '--mount-proc', 'bash', '-c', BARE], {
    input: script,
    env: { ...env, USER: 'root', TERM: 'dumb', PYTHONUNBUFFERED: '1' },
  })
  seen.set('plain unshare', { status, lines: lines(stdout) })
  return time
}

// Names are looked up in files only, as in labrun's world: a look-up without a name server waits for seconds.
// The second sysfs lets `ip netns exec` mount its own (mount_too_revealing in the kernel's fs/namespace.c).
const BARE = `set -e
for folder in /run /tmp /root; do mount -t tmpfs tmpfs $folder; done
mkdir /run/sys
mount -t sysfs sysfs /run/sys
echo 'hosts: files' > /run/nsswitch.conf
mount --bind /run/nsswitch.conf /etc/nsswitch.conf
ip link set lo up
cd /root
exec bash -s 2>&1`

/** Whether the two really did the same: they print as many lines. */
function doubts(seen) {
  const found = []
  const { status, lines } = seen.get('labrun')
  if (status !== 0) found.push(`labrun ended with status ${status}, so this run is not one to compare with`)
  for (const [name, other] of seen) {
    if (Math.abs(other.lines - lines) > lines / 20) found.push(`${lines} lines of output, but ${other.lines} ${name}`)
  }
  return found.join('; ')
}

function lines(text) {
  return text.split('\n').filter((line) => line.trim() !== '').length
}
