import { deflateRawSync } from 'node:zlib'
import type { RefusalCode } from '../../../src/submission/refusal.ts'
import { MANIFEST, makeZip, submissionParts, type ZipPart, type ZipWhole } from '../../support/zip.ts'

/** What is wrong, the code of the refusal, and the bytes. */
export type Hostile = readonly [string, RefusalCode, Buffer]

/** Parts that are all right, the last of which is changed. */
const withLast = (change: Partial<ZipPart>): Buffer => {
  const parts = submissionParts()
  return makeZip([...parts.slice(0, -1), { ...parts.at(-1)!, ...change }])
}
const withMore = (...more: readonly ZipPart[]): Buffer => makeZip([...submissionParts(), ...more])
const named = (name: string | Buffer): Buffer => withMore({ name, data: '{}' })
const whole = (change: ZipWhole): Buffer => makeZip(submissionParts(), change)
const file = (name: string, data: string | Buffer): Buffer => makeZip(submissionParts({ [name]: data }))
const manifest = (change: object): Buffer => file('manifest.json', JSON.stringify({ ...MANIFEST, ...change }))
const work = (value: unknown): Buffer => file('work.json', JSON.stringify(value))
const commands = (...given: readonly object[]): Buffer =>
  work({
    steps: [
      {
        id: 'a',
        answers: [],
        commands: given.map((one) => ({ terminal: 'main', text: 'ls', exit: 0, at: null, ...one })),
      },
    ],
  })
const field = (id: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id, 0)
  head.writeUInt16LE(data.length, 2)
  return Buffer.concat([head, data])
}
const zeros = deflateRawSync(Buffer.alloc(2 << 20))
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const spaces = (megabytes: number): Buffer => Buffer.alloc(megabytes << 20, ' ')
const hidden = Buffer.from('hidden')

export const zips: readonly Hostile[] = [
  ['an empty file', 'not-a-zip', Buffer.alloc(0)],
  ['text', 'not-a-zip', Buffer.from('dear teacher, here is my homework')],
  ['a gzip file', 'not-a-zip', Buffer.from('1f8b0800000000000003', 'hex')],
  ['the beginning of a zip', 'not-a-zip', makeZip(submissionParts()).subarray(0, -30)],
  ['an end that is cut off', 'not-a-zip', makeZip(submissionParts()).subarray(0, -1)],
  ['an empty zip', 'missing-file', makeZip([])],
  ['bytes before it', 'leading-bytes', whole({ before: Buffer.from('#!/bin/sh\n') })],
  ['bytes behind it', 'trailing-bytes', whole({ after: Buffer.from('rm -rf /') })],
  ['another zip before it', 'leading-bytes', Buffer.concat([makeZip(submissionParts()), makeZip(submissionParts())])],
  ['bytes between files', 'leading-bytes', makeZip(submissionParts().map((part) => ({ ...part, after: hidden })))],
  ['bytes behind the directory', 'leading-bytes', whole({ beforeEnd: hidden })],
  ['a comment', 'comment', whole({ comment: 'hello' })],
  ['a comment with an end of its own', 'leading-bytes', whole({ comment: makeZip([]).toString('latin1') })],
  ['a comment of a file', 'comment', withLast({ comment: 'hello' })],
  ['the end of a zip64', 'zip64', whole({ end: { all: 0xffff, here: 0xffff } })],
  ['a directory at 4 GB', 'zip64', whole({ end: { start: 0xffffffff } })],
  [
    'a locator of zip64',
    'zip64',
    whole({ beforeEnd: Buffer.concat([Buffer.from('PK\u0006\u0007'), Buffer.alloc(16)]) }),
  ],
  ['a size of zip64', 'zip64', withLast({ size: 0xffffffff, packed: 0xffffffff })],
  ['a field of zip64', 'zip64', withLast({ extra: field(1, Buffer.alloc(16)) })],
  ['a second disk', 'several-disks', whole({ end: { disk: 1 } })],
  ['a directory on another disk', 'several-disks', whole({ end: { firstDisk: 3 } })],
  ['fewer files here than in all', 'several-disks', whole({ end: { here: 1 } })],
  ['more files than it says', 'leading-bytes', whole({ end: { here: 1, all: 1 } })],
  ['fewer files than it says', 'damaged', whole({ end: { here: 3, all: 3 } })],
  ['a directory outside', 'leading-bytes', whole({ end: { start: 1 << 30 } })],
  ['65534 files', 'too-many-files', whole({ end: { here: 65534, all: 65534 } })],
  ['six files', 'too-many-files', makeZip(Array.from({ length: 6 }, (_, n) => ({ name: `${n}`, data: '' })))],
  ['more bytes than all limits', 'too-large', Buffer.alloc(5 << 20)],
]

export const names: readonly Hostile[] = [
  ['a name that goes up', 'unsafe-name', named('../../etc/passwd')],
  ['a name that goes up later', 'unsafe-name', named('work/../../x')],
  ['a name that goes up with backslashes', 'unsafe-name', named('..\\..\\x')],
  ['a name from the root', 'unsafe-name', named('/etc/passwd')],
  ['a name on a drive', 'unsafe-name', named('C:/x')],
  ['a name on a server', 'unsafe-name', named('\\\\server\\x')],
  ['a name with a dot folder', 'unsafe-name', named('./work.json')],
  ['a folder', 'directory', named('work/')],
  ['a file in a folder', 'unknown-name', named('a/work.json')],
  ['an unknown file', 'unknown-name', named('solution.md')],
  ['a zip in the zip', 'unknown-name', withMore({ name: 'submission.zip', data: makeZip(submissionParts()) })],
  ['what macOS adds', 'unknown-name', named('__MACOSX/._work.json')],
  ['a name without a character', 'name-encoding', named('')],
  ['a name with NUL', 'name-encoding', named('work.json\0.txt')],
  ['a name with an escape sequence', 'name-encoding', named('\u001b[2Jwork.json')],
  ['a name with a line feed', 'name-encoding', named('work.json\n')],
  ['a name that is no UTF-8', 'name-encoding', named(Buffer.from([0xff, 0xfe, 0x77]))],
  ['a name written backwards', 'name-encoding', named('\u202enosj.krow')],
  ['a name in letters that look alike', 'name-encoding', named('w\u043erk.json')],
  ['a name that differs in case', 'name-case', named('Work.json')],
  ['a name twice', 'duplicate-name', named('work.json')],
  ['another name for those who know Unicode', 'extra-field', withLast({ extra: field(0x7075, Buffer.from('x')) })],
  ['an extra field that is cut off', 'damaged', withLast({ extra: Buffer.from([1, 0, 99, 0]) })],
  ['another name before the data', 'header-mismatch', withLast({ local: { name: 'evil.json' } })],
  ['another field before the data', 'extra-field', withLast({ local: { extra: field(0x7075, Buffer.from('x')) } })],
  ['a symbolic link', 'special-file', withLast({ attributes: 0o120777 << 16 })],
  ['a link of another system', 'special-file', withLast({ attributes: 0o120777 << 16, versionMadeBy: 0x0014 })],
  ['a device', 'special-file', withLast({ attributes: 0o060600 << 16 })],
  ['a pipe', 'special-file', withLast({ attributes: 0o010600 << 16 })],
  ['a socket', 'special-file', withLast({ attributes: 0o140600 << 16 })],
  ['a Unix folder', 'special-file', withLast({ attributes: 0o040755 << 16 })],
  ['a DOS folder', 'special-file', withLast({ attributes: 0x10 })],
]

export const data: readonly Hostile[] = [
  ['an encrypted file', 'encrypted', withLast({ flags: 1 })],
  ['strong encryption', 'encrypted', withLast({ flags: 0x40 })],
  ['an encrypted directory', 'encrypted', withLast({ flags: 0x2000 })],
  ['another compression (bzip2)', 'compression', withLast({ method: 12 })],
  ['another compression (LZMA)', 'compression', withLast({ method: 14 })],
  ['sizes behind the data', 'streamed', withLast({ flags: 8 })],
  ['a bomb that says what it is', 'bomb', withLast({ data: zeros, method: 8, size: 2 << 20 })],
  ['a bomb that says 4 GB', 'too-large', withLast({ data: zeros, method: 8, size: 0xfffffffe })],
  ['a bomb that says it is small', 'header-mismatch', withLast({ data: zeros, method: 8, size: 100 })],
  ['nothing that grows', 'bomb', withLast({ data: '', method: 8, packed: 0, size: 1 })],
  ['a file of 3 MB', 'too-large', file('work.json', spaces(3))],
  ['5 MB in three files', 'too-large', makeZip(submissionParts({ 'work.json': spaces(2), 'advice.json': spaces(2) }))],
  ['a stored file with two sizes', 'header-mismatch', withLast({ size: 1 })],
  ['data that is no deflate', 'damaged', withLast({ data: Buffer.alloc(40, 0xff), method: 8, size: 100 })],
  [
    'less data than it says',
    'header-mismatch',
    withLast({ data: deflateRawSync(Buffer.from('{}')), method: 8, size: 100 }),
  ],
  ['a wrong checksum', 'damaged', withLast({ crc: 1 })],
  ['another method before the data', 'header-mismatch', withLast({ local: { method: 8 } })],
  ['another size before the data', 'header-mismatch', withLast({ local: { size: 7 } })],
  ['another flag before the data', 'header-mismatch', withLast({ local: { flags: 8 } })],
  ['two files of the same bytes', 'overlap', withLast({ offset: 0 })],
  ['a file within another one', 'overlap', withLast({ offset: 10 })],
  ['a file that goes into the directory', 'overlap', withLast({ size: 90, packed: 90 })],
  ['a file outside of the zip', 'leading-bytes', withLast({ offset: 1 << 29 })],
]

const gone = '0'.repeat(64)
export const contents: readonly Hostile[] = [
  ['no manifest', 'missing-file', makeZip(submissionParts({ 'manifest.json': null }))],
  ['no work', 'missing-file', makeZip(submissionParts({ 'work.json': null }))],
  [
    'a file that only the manifest has',
    'missing-file',
    makeZip([{ name: 'manifest.json', data: JSON.stringify({ ...MANIFEST, files: { 'ticket.txt': gone } }) }]),
  ],
  ['a file that the manifest has not', 'digest-mismatch', manifest({ files: {} })],
  ['a file that was changed', 'digest-mismatch', manifest({ files: { 'work.json': gone } })],
  ['a manifest of itself', 'not-as-described', manifest({ files: { 'manifest.json': gone } })],
  ['a manifest of something else', 'not-as-described', manifest({ labrun: 'key' })],
  ['a manifest with more in it', 'not-as-described', manifest({ grade: 100 })],
  ['a manifest of the next version', 'newer-version', manifest({ version: 2, grade: 100 })],
  ['a digest that is a path', 'not-as-described', manifest({ digest: '../../../etc/passwd' })],
  ['a time that is none', 'not-as-described', manifest({ created: 'yesterday' })],
  ['a manifest that is a list', 'not-as-described', file('manifest.json', '[]')],
  ['a manifest that is null', 'not-as-described', file('manifest.json', 'null')],
  ['JSON that is none', 'not-json', file('work.json', '{"steps": [}')],
  ['JSON with a comment', 'not-json', file('work.json', '{"steps": []} // hello')],
  ['JSON 100,000 deep', 'too-deep', file('work.json', nested(100_000))],
  ['JSON 17 deep', 'too-deep', file('work.json', nested(17))],
  ['half a million quotes', 'not-json', file('work.json', `"${'\\"'.repeat(1 << 19)}`)],
  ['UTF-16', 'bom', file('work.json', Buffer.from('\ufeff{"steps": []}', 'utf16le'))],
  ['a byte order mark', 'bom', file('work.json', '\ufeff{"steps": []}')],
  ['Latin-1', 'encoding', file('work.json', Buffer.from('{"steps": "\u00e9"}', 'latin1'))],
  ['UTF-8 that is longer than it must be', 'encoding', file('work.json', Buffer.from([0x22, 0xc0, 0xaf, 0x22]))],
  ['half a character', 'encoding', file('work.json', Buffer.from([0x22, 0xe4, 0xbd, 0x22]))],
  ['half a character, escaped', 'encoding', file('work.json', '{"steps": "\\ud800"}')],
  ['NUL', 'nul', file('work.json', '{"steps": []}\0')],
  ['NUL, escaped', 'nul', commands({ text: 'ls\0' })],
  ['NUL in a key', 'nul', work({ 'steps\0': [] })],
  ['__proto__', 'reserved-key', file('work.json', '{"steps": [], "__proto__": {"points": 100}}')],
  ['__proto__, escaped', 'reserved-key', file('work.json', '{"steps": [], "__pr\\u006fto__": {"points": 100}}')],
  ['constructor', 'reserved-key', work({ steps: [{ constructor: { prototype: {} } }] })],
  ['__proto__ in the journal', 'reserved-key', file('journal.jsonl', '{"__proto__": 1}\n')],
  ['a deep journal', 'too-deep', file('journal.jsonl', `${nested(5000)}\n`)],
  ['a journal with NUL', 'nul', file('journal.jsonl', '{"type": "\\u0000"}\n')],
  ['work with more in it', 'not-as-described', work({ steps: [], points: 100 })],
  ['a command without an end', 'not-as-described', commands({ text: 'a'.repeat((64 << 10) + 1) })],
  ['a terminal with a path', 'not-as-described', commands({ terminal: '../host' })],
  ['an exit status that is none', 'not-as-described', commands({ exit: 1e9 })],
  ['a text that is none', 'not-as-described', commands({ text: { toString: 'x' } })],
  ['6,000 commands', 'not-as-described', commands(...Array.from({ length: 6000 }, () => ({ text: '' })))],
  ['advice that claims to be a grade', 'not-as-described', file('advice.json', '{"labrun": "grade"}')],
  ['a ticket of two lines', 'not-as-described', file('ticket.txt', 'a.b.c\nd')],
  ['a ticket with an escape sequence', 'not-as-described', file('ticket.txt', '\u001b[2J')],
]
