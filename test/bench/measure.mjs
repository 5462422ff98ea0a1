import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program under test, as `npm run build` makes it. */
export const LABRUN = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Milliseconds from which a thing is slow, and how many rounds are enough for it. */
const SLOW = 4000
const ENOUGH = 3

/**
 * Measures several things in turn (A, B, C, A, B, C …), so that a slow moment of the machine hits all of them. `things`
 * maps a name to a function that does the thing once and resolves to milliseconds, or to several such numbers by name.
 * Resolves to `{ name: times }` or `{ name: { part: times } }`; the first round only warms up and is not counted,
 * and what is slow is not measured in every round.
 */
export async function inTurn(title, rounds, things) {
  const found = Object.fromEntries(Object.keys(things).map((name) => [name, []]))
  const slow = new Set()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of Object.entries(things)) {
      if (slow.has(name) && round > ENOUGH) continue
      progress(`${title}: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}, ${name}`)
      const start = performance.now()
      const result = await measure()
      if (performance.now() - start > SLOW) slow.add(name)
      if (round > 0) found[name].push(result)
    }
  }
  progress('')
  return Object.fromEntries(Object.entries(found).map(([name, results]) => [name, byPart(results)]))
}

/**
 * Runs a program from its start to the end of its output: `time` in milliseconds, `first` when it first printed
 * something. Rejects if it cannot be started.
 */
export function run(command, parameters, { input, env } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, parameters, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env,
    })
    let first
    const chunks = { stdout: [], stderr: [] }
    child.stdout.on('data', (bytes) => {
      first ??= performance.now() - start
      chunks.stdout.push(bytes)
    })
    child.stderr.on('data', (bytes) => chunks.stderr.push(bytes))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const time = performance.now() - start
      const [stdout, stderr] = [chunks.stdout, chunks.stderr].map((parts) => Buffer.concat(parts).toString())
      resolve({ time, first, status: code ?? signal, stdout, stderr })
    })
    // A program that does not read all of its input is no fault of the benchmark.
    child.stdin?.on('error', () => {}).end(input)
  })
}

/** As `run`, where anything but status 0 means that there is nothing to measure. Resolves to milliseconds. */
export async function timeOf(command, parameters, options) {
  const { time, status, stdout, stderr } = await run(command, parameters, options)
  if (status === 0) return time
  const said = `${stdout}${stderr}`.trim().split('\n').slice(-5).join('\n')
  throw new Error(`${command} ${parameters.join(' ')} ended with ${status}:\n${said}`)
}

/** The first of these programs that is installed. */
export function installed(...names) {
  const folders = (process.env.PATH ?? '').split(':')
  return names.find((name) => folders.some((folder) => isProgram(join(folder, name))))
}

export function median(times) {
  const sorted = times.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function byPart(results) {
  if (typeof results[0] === 'number') return results
  return Object.fromEntries(Object.keys(results[0]).map((part) => [part, results.map((result) => result[part])]))
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** One line on standard error that is written over; on a file or a pipe, only what is new in it. */
function progress(text) {
  const { stderr } = process
  if (stderr.isTTY) stderr.write(`\r\u001b[K${text.slice(0, (stderr.columns ?? 80) - 1)}`)
  else if (text !== '' && !text.includes('round')) stderr.write(`${text}\n`)
}
