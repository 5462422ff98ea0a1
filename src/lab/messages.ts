/** What is said about a lab file, by code. `{name}` is filled in. */
const MESSAGES = {
  'front-matter-missing': 'a lab begins with front matter: a line `---`, then `labrun: 1`, then `---`',
  'front-matter-open': 'the front matter is not closed: a second line `---` is missing',
  'yaml-syntax': 'this is not valid YAML: {reason}',
  'yaml-not-a-mapping': 'expected `key: value` lines here, found {found}',
  'version-newer': 'this lab is written in format version {version}; this labrun knows version 1',
  'version-missing': 'the key `labrun: 1` (the format version) is missing',
  'unknown-key': 'unknown key `{key}` in {where}',
  'duplicate-key': 'the key `{key}` is there twice',
  'wrong-value': '`{key}`: {reason}',
  'bad-from': '{reason}',
  'bad-param': 'the param `{name}`: {reason}',
  'no-steps': 'this lab has no steps: no `##` section holds a command, a check, a question or a task',
  'duplicate-step': 'a step `{id}` is there already, in line {line}',
  'unknown-need': 'there is no step `{id}` before this one',
  'unknown-check-need': 'there is no check with the id `{id}` before this one',
  'bad-directive': 'this directive is not understood: {reason}',
  'stray-directive': 'a step directive belongs right under a `##` heading',
  'outside-step': 'commands and checks belong in a section with a `##` heading',
  'unknown-attribute': 'unknown attribute `{word}` after `{language}`',
  'bad-attribute': '`{word}`: {reason}',
  'bad-terminal': 'there is no machine `{name}` in this world to open a terminal on',
  'empty-block': 'this block has no command',
  'unfinished-command': 'this command does not end: {construct} is still open',
  'output-without-block': 'an `output` block belongs right after a block of commands',
  'output-twice': 'this block has its expected output already',
  'transcript-start': 'a transcript begins with a command: `$ ` or `# ` and what is typed',
  'bad-pattern': '{reason}',
  'any-output': 'this output matches whatever is printed, so it proves nothing',
  'checks-not-a-list': 'a check block is a list: each item begins with `- `',
  'check-not-a-mapping': 'a check is `kind: what`, for example `ping: net1 -> 10.0.0.2`',
  'check-without-kind': 'this check has no kind; kinds are {kinds}',
  'check-two-kinds': 'this check has two kinds, `{first}` and `{second}`; make it two items',
  'fence-open': 'this block is not closed: a line with ``` is missing',
  'check-in-details': 'checks and questions do not belong in <details>: a reader may never open it',
  'fence-in-html': 'this block is part of the HTML before it, so it would never be run',
  'details-open': 'this <details> is not closed: a line `</details>` is missing',
} as const

export type MessageCode = keyof typeof MESSAGES

export function message(code: MessageCode, values: Readonly<Record<string, string>>): string {
  return MESSAGES[code].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
