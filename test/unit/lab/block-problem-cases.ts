import { checks } from '../../../src/checks/index.ts'
import { fence, frontMatter, oneStep } from '../../support/lab-text.ts'

/** A lab in which what must be underlined stands between « and »; nothing else in it is wrong. */
export interface ProblemCase {
  readonly lab: string
  readonly says: string
  readonly suggests?: string
}

const WORK = fence('sh', 'true')

/** The messages about fenced blocks and what is in them. */
export const BLOCK_PROBLEM_CASES = {
  'outside-step': [
    {
      lab: `${frontMatter()}«\`\`\`sh»\ntrue\n\`\`\`\n\n## It\n${WORK}`,
      says: 'commands and checks belong in a section with a `##` heading',
    },
  ],
  'unknown-attribute': [
    {
      lab: oneStep(fence('sh «setpu» timeout=3s', 'true')),
      says: 'unknown attribute `setpu` after `sh`',
      suggests: 'did you mean `setup`?',
    },
    {
      lab: oneStep(WORK, fence('yaml «chek»', '- netns: a')),
      says: 'unknown attribute `chek` after `yaml`',
      suggests: 'did you mean `check`?',
    },
  ],
  'bad-attribute': [
    { lab: oneStep(fence('sh «timeout=long»', 'true')), says: '`timeout=long`: expected a time such as timeout=20s' },
    { lab: oneStep(fence('sh «exit=256»', 'true')), says: '`exit=256`: expected a status from 0 to 255, or any' },
    { lab: oneStep(fence('sh background «until=ever»', 'true')), says: '`until=ever`: expected until=lab' },
    {
      lab: oneStep(fence('console   «terminal=A»', '# true')),
      says: '`terminal=A`: a terminal has a name of lower-case letters, digits and -',
    },
  ],
  'bad-terminal': [
    {
      lab: oneStep('', '«```sh terminal=client»', 'true', '```'),
      says: 'there is no machine `client` in this world to open a terminal on',
      suggests: 'the front matter needs `world: lan`',
    },
  ],
  'empty-block': [
    { lab: oneStep(WORK, '', '«```sh»', '# only a comment', '```'), says: 'this block has no command' },
    { lab: oneStep(WORK, '', '«```console»', '```'), says: 'this block has no command' },
  ],
  'unfinished-command': [
    {
      lab: oneStep(fence('sh', 'true', '«if true; then»', '  false')),
      says: 'this command does not end: if is still open',
    },
    {
      lab: oneStep(fence('console', '# true', '«$ for a in b; do»', '> echo $a', 'b')),
      says: 'this command does not end: for is still open',
    },
  ],
  'output-without-block': [
    {
      lab: oneStep('', '«```output»', 'x', '```', WORK),
      says: 'an `output` block belongs right after a block of commands',
    },
    {
      lab: oneStep(WORK, fence('yaml check', '- netns: a'), '', '«```output»', 'x', '```'),
      says: 'an `output` block belongs right after a block of commands',
    },
    {
      lab: oneStep(fence('console', '# true'), '', '«```output»', 'x', '```'),
      says: 'an `output` block belongs right after a block of commands',
    },
  ],
  'output-twice': [
    {
      lab: oneStep(WORK, fence('output', 'x'), '', '«```output»', 'y', '```'),
      says: 'this block has its expected output already',
    },
  ],
  'transcript-start': [
    {
      lab: oneStep(fence('console', '', '«hello»', '# true')),
      says: 'a transcript begins with a command: `$ ` or `# ` and what is typed',
      suggests: 'write expected output in an `output` block instead',
    },
  ],
  'bad-pattern': [
    {
      lab: oneStep(WORK, fence('output', 'fine', '«/(/»')),
      says: 'this is not a valid regular expression: Unterminated group',
    },
    {
      lab: oneStep(fence('console', '# true', 'ttl=«<ttl:number>» ms')),
      says: '`number` is not a kind of value (known: int, num, ip, mac, if, hex, time, *)',
    },
  ],
  'checks-not-a-list': [
    { lab: oneStep(fence('yaml check', '«netns: a»')), says: 'a check block is a list: each item begins with `- `' },
    { lab: oneStep('', '```yaml check', '«```»'), says: 'a check block is a list: each item begins with `- `' },
  ],
  'check-not-a-mapping': [
    {
      lab: oneStep(fence('yaml check', '- netns: a', '- «ping»')),
      says: 'a check is `kind: what`, for example `ping: net1 -> 10.0.0.2`',
    },
  ],
  'check-without-kind': [
    {
      lab: oneStep(fence('yaml check', '- «pnig»: net1 -> 10.0.0.2', '  expect: reply')),
      says: `this check has no kind; kinds are ${[...checks.keys()].join(', ')}`,
      suggests: 'did you mean `ping`?',
    },
  ],
  'check-two-kinds': [
    {
      lab: oneStep(fence('yaml check', '- ping: net1 -> 10.0.0.2', '  «link»: net1/lo')),
      says: 'this check has two kinds, `ping` and `link`; make it two items',
    },
  ],
  'fence-open': [
    { lab: oneStep('', '«```sh»', 'true', '~~~'), says: 'this block is not closed: a line with ``` is missing' },
    { lab: oneStep('', '«~~~~sh»', 'true', '~~~'), says: 'this block is not closed: a line with ``` is missing' },
  ],
  'check-in-details': [
    {
      lab: oneStep(WORK, '<details>', '', '«```yaml check»', '- netns: a', '```', '', '</details>'),
      says: 'checks and questions do not belong in <details>: a reader may never open it',
    },
    {
      lab: oneStep(WORK, '<details>', '', '«```yaml question»', 'ask: why', 'answer: 1', '```', '', '</details>'),
      says: 'checks and questions do not belong in <details>: a reader may never open it',
    },
  ],
  'fence-in-html': [
    {
      lab: oneStep(WORK, '<details><summary>Solution</summary>', '«```sh solution»', 'true', '```', '', '</details>'),
      says: 'this block is part of the HTML before it, so it would never be run',
      suggests: 'put a blank line before it',
    },
  ],
  'details-open': [
    {
      lab: oneStep(WORK, '«<details><summary>Hint</summary>»', '', 'More.'),
      says: 'this <details> is not closed: a line `</details>` is missing',
    },
  ],
} satisfies Readonly<Record<string, readonly ProblemCase[]>>
