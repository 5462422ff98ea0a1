import type { Graded } from '../../src/grade/model.ts'
import { gradedOf, itemOf, NETWORK, stepOf } from './graded.ts'

/** Texts that try to be more than texts, for a browser, a terminal or a spreadsheet. */
export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</style><style>*{display:none}</style>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '" onmouseover="alert(1)" x="',
  '<iframe src="https://example.com/"></iframe><link rel=stylesheet href=//example.com>',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  '<base href="https://example.com/">',
  '</title></head><body onload=alert(1)>',
  '--><!-- <![CDATA[ ]]>',
  '&lt;script&gt;&#60;script&#62;&amp;amp;',
  'javascript:alert(1)',
  '\u001b[2J\u001b]0;title\u0007\u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\',
  '\u009b31m red \u0000 nul \u0008 back \u007f',
  '\u202egnp.exe\u202c \u2066isolated\u2069',
  '\ud800 half a pair \udfff',
  '=cmd|" /C calc"!A0',
  '{{constructor}} `x`',
  '<textarea><noscript><plaintext><xmp>',
  'x'.repeat(5000),
]

/** A result in which a text stands wherever one can stand. */
export function hostileGraded(text: string): Graded {
  const item = itemOf({
    key: text,
    kind: text,
    label: text,
    expected: text,
    actual: text,
    why: text,
    diagnosis: text,
    evidence: [{ command: text, status: 1, output: text }],
  })
  const items = (['passed', 'failed', 'blocked', 'error', 'skipped'] as const).flatMap((status, index) => [
    { ...item, key: `${text}${index}`, status },
    { ...item, key: `${text}${index}h`, status, hidden: true },
  ])
  const [host, ...others] = NETWORK.places
  const firewall = [{ table: text, name: text, policy: text, rules: [text] }]
  const device = { name: text, type: text, state: 'down' as const, addresses: [text], master: text }
  return gradedOf({
    bundle: { file: text, sha256: text },
    digest: text,
    lab: { id: text, title: text, digest: text, fullDigest: text },
    student: { pseudonym: text, id: text, name: text },
    reason: text,
    steps: [
      stepOf('failed', items, { id: text, title: text, commands: [{ terminal: text, text, exit: 1, output: text }] }),
      stepOf('failed', items, { id: `${text}2`, title: text, carried: true }),
    ],
    limits: [text],
    leads: [{ kind: text, reason: text, others: [text] }],
    network: {
      places: [{ ...host!, name: text, devices: [...host!.devices, device], firewall }, ...others],
      cables: [
        {
          ends: [
            { place: text, device: text },
            { place: 'net1', device: 'eth0' },
          ],
          up: false,
        },
      ],
    },
    gradedAt: text,
  })
}

/** The tags of a page, without the values of their attributes: what a browser takes for markup. */
export function bareMarkup(page: string): string {
  return [...page.replace(/="[^"]*"/g, '=""').matchAll(/<[^>]*>/g)].map(([tag]) => tag).join('\n')
}
