import fc from 'fast-check'

/** A line of output with its volatile parts, as `runs` runs print it. */
const part = (runs: number): fc.Arbitrary<string[]> => {
  const same = (text: fc.Arbitrary<string>) => text.map((one) => Array<string>(runs).fill(one))
  const each = (text: fc.Arbitrary<string>) => fc.array(text, { minLength: runs, maxLength: runs })
  return fc.oneof(
    { weight: 6, arbitrary: same(fc.constantFrom(...WORDS)) },
    { weight: 2, arbitrary: same(fc.string({ unit: 'grapheme', maxLength: 5 }).map(oneLine)) },
    { weight: 1, arbitrary: each(fc.nat(99_999).map(String)) },
    { weight: 1, arbitrary: each(fc.nat(99_999).map((number) => `${number / 1000}`)) },
    { weight: 1, arbitrary: each(fc.constantFrom('REACHABLE', 'STALE', 'veth1a2b3c', 'f00dcafe', '')) },
    { weight: 1, arbitrary: each(fc.ipV4()) },
    { weight: 1, arbitrary: each(fc.array(fc.nat(255), { minLength: 6, maxLength: 6 }).map(toMac)) },
  )
}

/** What a line may hold that means something in a lab, among ordinary words. */
const WORDS = [
  ...['inet', 'dev', 'veth1@if3:', '<LOOPBACK,UP>', '10.0.0.1/24', 'time=0.162 ms', 'ttl=64', '12:30:59.5', 'mtu 1500'],
  ...[
    '...',
    '<int>',
    '<x:mac>',
    '<y:number>',
    '{{x}}',
    '/dev/',
    '/',
    '$',
    '#',
    '>',
    '[exit 1]',
    '```',
    '~~~~',
    '<*>',
    '\\d+',
    '|',
  ],
]

/** Outputs of one command in several runs: one list of lines for each run. */
export function outputsOf(runs: number): fc.Arbitrary<string[]> {
  const line = fc
    .array(part(runs), { maxLength: 6 })
    .map((parts) => Array.from({ length: runs }, (_, run) => [parts.map((texts) => texts[run]).join(' ')]))
  const extra = fc.array(fc.array(fc.constantFrom(...WORDS), { maxLength: 2 }), { minLength: runs, maxLength: runs })
  const row = fc.oneof({ weight: 8, arbitrary: line }, { weight: 1, arbitrary: extra })
  return fc.array(row, { maxLength: 8 }).map((rows) =>
    Array.from({ length: runs }, (_, run) =>
      rows
        .flatMap((texts) => texts[run]!)
        .map((text) => `${text}\n`)
        .join(''),
    ),
  )
}

/** Expected lines as somebody may have written them before. */
export const oldLines: fc.Arbitrary<string[]> = fc.array(
  fc.oneof(
    fc.constantFrom('...', '', '/.*/', '/\\d+ packets/', '  ...', '<*>', '<int>', '{{x}}'),
    fc
      .array(
        fc.constantFrom(
          'inet',
          'dev',
          '<int>',
          '<num>',
          '<mac>',
          '<ip>',
          '<*>',
          '<x:int>',
          '<a:mac>',
          '{{a}}',
          'ttl=64',
          '10.0.0.1/24',
          'mtu 1500',
        ),
        { maxLength: 6 },
      )
      .map((words) => words.join(' ')),
  ),
  { maxLength: 8 },
)

function oneLine(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029\u0000-\u001f\u007f-\u009f]/g, '·')
}

function toMac(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
