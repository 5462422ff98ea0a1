import { cpus, loadavg, release } from 'node:os'
import { median } from './measure.mjs'

// Before the first measurement: what others do on this machine, not what the benchmark does.
const [load] = loadavg()

/** A row that compares by ratio; `labrun` and `times` are lists of milliseconds, `aim` the highest ratio wanted. */
export function ratio({ what, other, labrun, times, aim, note }) {
  const value = median(labrun) / median(times)
  return { ...basis({ what, other, labrun, times, note }), value, unit: 'x', aim: aim ?? null, met: judge(value, aim) }
}

/** A row that compares by difference: how many milliseconds more labrun takes. */
export function difference({ what, other, labrun, times, aim, note }) {
  const value = median(labrun) - median(times)
  return { ...basis({ what, other, labrun, times, note }), value, unit: 'ms', aim: aim ?? null, met: judge(value, aim) }
}

/** A row with nothing to compare with but a number of milliseconds. */
export function limit({ what, labrun, aim }) {
  const value = median(labrun)
  return { ...basis({ what, other: null, labrun, times: null }), value, unit: 'limit', aim, met: judge(value, aim) }
}

/** A row without a measurement, and why. */
export function without({ what, other, note }) {
  return {
    what,
    other,
    labrun: null,
    otherTime: null,
    samples: null,
    note,
    value: null,
    unit: null,
    aim: null,
    met: null,
  }
}

export function missing({ what, other, debianPackage }) {
  return without({ what, other, note: `not installed (apt-get install ${debianPackage})` })
}

/** What `--json` prints: milliseconds and ratios as numbers, `samples` with every single time. */
export function asJson({ rows, shares }) {
  return { machine: machine(), rows, shares }
}

/** Prints the comparisons, and below where labrun's time went. */
export function printTables({ rows, shares }) {
  const { processor, cores, kernel, node, load } = machine()
  const place = `${processor}, ${cores} cores, Linux ${kernel}, Node.js ${node}, load ${load.toFixed(1)} at the start`
  process.stdout.write(`\n${place}\nMedians, in ms.\n\n`)
  print(['what', 'labrun', 'the other', '', 'compared', 'aim', 'met'], rows.map(cells))
  for (const { note, what } of rows.filter((row) => row.note && row.labrun !== null)) {
    process.stdout.write(`\n${what}: ${note}\n`)
  }
  if (shares.length === 0) return
  const parts = Object.keys(shares[0].parts)
  process.stdout.write('\nWhere the time of `labrun run` goes, in ms:\n\n')
  print(
    ['lab', ...parts],
    shares.map(({ lab, parts }) => [lab, ...Object.values(parts).map(number)]),
  )
  process.stdout.write('\n')
}

function basis({ what, other, labrun, times, note }) {
  const samples = { labrun, other: times }
  return { what, other, labrun: median(labrun), otherTime: times && median(times), samples, note: note ?? null }
}

function judge(value, aim) {
  return aim === undefined ? null : value <= aim
}

function cells({ what, other, labrun, otherTime, value, unit, aim, met, note }) {
  if (labrun === null) return [what, '', `${other}: ${note}`, '', '', '', '']
  const shown = { x: times(value), ms: `${value < 0 ? '' : '+'}${number(value)}`, limit: '' }[unit]
  const wanted = { x: aim === null ? '' : times(aim), ms: `+${aim}`, limit: `${aim}` }[unit]
  const verdict = met === null ? '' : met ? 'yes' : 'NO'
  return [
    what,
    number(labrun),
    other ?? '',
    otherTime === null ? '' : number(otherTime),
    shown,
    aim === null ? '' : wanted,
    verdict,
  ]
}

/** A small ratio as a fraction: 1/300 */
function times(value) {
  return value < 0.1 ? `1/${Math.round(1 / value)}` : `${value.toFixed(2)}x`
}

function number(value) {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)
}

function print(head, rows) {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)))
  const isNumber = head.map((_, column) => rows.some((row) => /^[+-]?[\d.]+x?$/.test(row[column])))
  const line = (row) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  process.stdout.write(`${[line(head), rule, ...rows.map(line)].map((text) => text.trimEnd()).join('\n')}\n`)
}

function machine() {
  const processors = cpus()
  const processor = processors[0]?.model ?? process.arch
  return { processor, cores: processors.length, kernel: release(), node: process.versions.node, load }
}
