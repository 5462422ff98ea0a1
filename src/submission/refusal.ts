/** Why a file is not accepted as a submission: a code for programs, words for people. */
export type RefusalCode = keyof typeof REASONS

/** A file that is not accepted as a submission. Its message is the reason, in words that are safe to print. */
export class SubmissionRefused extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode, detail = '') {
    super(REASONS[code](printable(detail)))
    this.name = 'SubmissionRefused'
    this.code = code
  }
}

/** The only place where refusals are worded. */
const REASONS = {
  'not-readable': (why) => `the file cannot be read: ${why}`,
  'not-a-file': (what) => `it is ${what}, not an ordinary file`,
  'too-large': (what) => `${what} is larger than a submission may be`,
  'not-a-zip': () => 'it is not a zip file',
  'leading-bytes': () => 'something stands before the zip, or between its parts',
  'trailing-bytes': () => 'something stands after the end of the zip',
  comment: () => 'the zip has a comment; labrun writes none',
  zip64: () => 'it is a zip of the kind for huge files (zip64), which a submission never is',
  'several-disks': () => 'it is one part of a zip in several parts',
  damaged: (what) => `the zip is damaged: ${what}`,
  'too-many-files': (count) => `it has ${count} files, and a submission has 5 at most`,
  'unsafe-name': (name) => `the name of a file in it leads out of the zip: ${name}`,
  'name-encoding': (name) => `the name of a file in it is not plain text: ${name}`,
  'name-case': (name) => `${name}: names in a submission are written in small letters`,
  'unknown-name': (name) => `there is a file in it that does not belong into a submission: ${name}`,
  'duplicate-name': (name) => `${name} is in it twice`,
  directory: (name) => `there is a folder in it: ${name}`,
  'special-file': (name) => `${name} is a link or a device, not an ordinary file`,
  encrypted: (name) => `${name} is encrypted`,
  compression: (name) => `${name} is compressed in a way that labrun does not read`,
  streamed: (name) => `${name} was packed by another program, without its size before it`,
  'extra-field': (name) => `${name} has fields that give it another name or size`,
  'header-mismatch': (name) => `the zip says two different things about ${name}`,
  overlap: (name) => `the bytes of ${name} are also those of another file`,
  bomb: (name) => `${name} grows more than 200 times when it is unpacked`,
  'missing-file': (name) => `${name} is missing`,
  encoding: (name) => `${name} is not UTF-8 text`,
  bom: (name) => `${name} begins with a byte order mark`,
  nul: (name) => `${name} has a NUL character in it`,
  'not-json': (name) => `${name} is not JSON`,
  'too-deep': (name) => `${name} is nested deeper than anything that labrun writes`,
  'reserved-key': (name) => `${name} has a key with a special meaning for programs (__proto__ or the like)`,
  'not-as-described': (what) => `not as labrun writes it: ${what}`,
  'newer-version': (version) => `it was written by a newer labrun (version ${version} of the form); update labrun`,
  'digest-mismatch': (name) => `${name} was changed after the submission was written`,
} satisfies Readonly<Record<string, (detail: string) => string>>

/** Names in hostile files are shown as they are, but cannot do anything. */
function printable(text: string): string {
  const plain = text.replace(/[^ -~]/g, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
  return plain.length > 120 ? `${plain.slice(0, 120)}…` : plain
}
