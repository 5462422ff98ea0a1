import type { MessageCode } from '../../../src/lab/messages.ts'
import { fence, frontMatter, oneStep } from '../../support/lab-text.ts'
import { BLOCK_PROBLEM_CASES, type ProblemCase } from './block-problem-cases.ts'
import { PARAM_PROBLEM_CASES } from './param-problem-cases.ts'

/** All but what is said about other files, about labs that can be run and prove nothing, and about editions. */
type FromText = Exclude<MessageCode, 'bad-from' | 'any-output' | 'inseparable'>

const WORK = fence('sh', 'true')

function step(title: string, ...parts: readonly string[]): string {
  return [`## ${title}`, ...parts, ''].join('\n')
}

/** For every message at least one lab that makes labrun say it; the compiler sees to it that none is left out. */
export const PROBLEM_CASES: Readonly<Record<FromText, readonly ProblemCase[]>> = {
  ...BLOCK_PROBLEM_CASES,
  ...PARAM_PROBLEM_CASES,
  'front-matter-missing': [
    { lab: '«# A lab»\n', says: 'a lab begins with front matter: a line `---`, then `labrun: 1`, then `---`' },
    { lab: '«»', says: 'a lab begins with front matter: a line `---`, then `labrun: 1`, then `---`' },
  ],
  'front-matter-open': [
    { lab: '«---»\nlabrun: 1\n', says: 'the front matter is not closed: a second line `---` is missing' },
  ],
  'yaml-syntax': [
    { lab: `${frontMatter('title: "a«»')}${step('It', WORK)}`, says: 'this is not valid YAML: Missing closing "quote' },
    {
      lab: oneStep(fence('yaml check', '- ping: a -> 10.0.0.1', '  why: «*important*»')),
      says: 'this is not valid YAML: Unresolved alias (the anchor must be set before the alias): important*',
    },
    {
      lab: oneStep(fence('yaml question', '«ask: &a [1, *a, *a]»', `answer: [${Array(60).fill('*a').join(', ')}]`)),
      says: 'this is not valid YAML: Excessive alias count indicates a resource exhaustion attack',
    },
  ],
  'yaml-not-a-mapping': [
    { lab: '---\n«only words»\n---\n', says: 'expected `key: value` lines here, found something else' },
    { lab: '---\n«---»\n', says: 'expected `key: value` lines here, found nothing' },
    {
      lab: oneStep(fence('yaml question', '«- ask: why»')),
      says: 'expected `key: value` lines here, found something else',
    },
  ],
  'version-newer': [
    {
      lab: '---\ntitle: x\nlabrun: «2»\n---\n',
      says: 'this lab is written in format version 2; this labrun knows version 1',
      suggests: 'install a newer labrun',
    },
  ],
  'version-missing': [{ lab: '«---»\ntitle: x\n---\n', says: 'the key `labrun: 1` (the format version) is missing' }],
  'unknown-key': [
    {
      lab: `${frontMatter('«minuts»: 3')}${step('It', WORK)}`,
      says: 'unknown key `minuts` in the front matter',
      suggests: 'did you mean `minutes`?',
    },
    {
      lab: `${frontMatter('world:', '  «gatewy»: 10.0.0.1')}${step('It', WORK)}`,
      says: 'unknown key `gatewy` in the front matter',
    },
    {
      lab: oneStep(fence('yaml check', '- netns: a', '- link: a/lo', '  «stat»: up')),
      says: 'unknown key `stat` in a link check',
      suggests: 'did you mean `state`?',
    },
    {
      lab: oneStep(fence('yaml question', 'ask: why', 'answer: 3', '«anser»: 4')),
      says: 'unknown key `anser` in a question',
      suggests: 'did you mean `answer`?',
    },
    {
      lab: oneStep('', '<!-- step: a «point»: 3 -->', WORK),
      says: 'unknown key `point` in a step directive',
      suggests: 'did you mean `points`?',
    },
  ],
  'duplicate-key': [
    { lab: `${frontMatter('title: a', '«title»: b')}${step('It', WORK)}`, says: 'the key `title` is there twice' },
    {
      lab: oneStep(fence('yaml check', '- link: a/lo', '  state: up', '  «state»: down')),
      says: 'the key `state` is there twice',
    },
  ],
  'wrong-value': [
    {
      lab: `${frontMatter('machine: «cloud»')}${step('It', WORK)}`,
      says: '`machine`: expected any, root or vm',
    },
    {
      lab: oneStep(fence('yaml check', '- ping: «net1 - 10.0.0.2»')),
      says: '`ping`: expected FROM -> ADDRESS, as net1 -> 10.0.0.2',
    },
    {
      lab: oneStep(fence('yaml check', '- bridge: br0', '  within: «soon»')),
      says: '`within`: expected a time such as 5s or 300ms',
    },
    {
      lab: oneStep(fence('yaml check', '- netns: [a, «"b c"», d]')),
      says: '`netns.1`: expected host, a namespace or an outside machine',
    },
  ],
  'no-steps': [
    {
      lab: `${frontMatter()}«# Only words»\n\n## And more words\n`,
      says: 'this lab has no steps: no `##` section holds a command, a check, a question or a task',
    },
  ],
  'duplicate-step': [
    {
      lab: `${frontMatter()}${step('One', '', '<!-- step: a -->', WORK)}${step('Two', '', '«<!-- step: a -->»', WORK)}`,
      says: 'a step `a` is there already, in line 4',
    },
  ],
  'points-sum': [
    {
      lab: oneStep('', '«<!-- step: a points: 1 -->»', WORK, fence('yaml check', '- netns: a', '  points: 1.5')),
      says: 'the step is worth 1 points, and what is in it 1.5',
    },
  ],
  'unknown-need': [
    {
      lab: `${frontMatter()}${step('Plug', WORK)}${step('Two', '', '«<!-- step: b needs: [plugg] -->»', WORK)}`,
      says: 'there is no step `plugg` before this one',
      suggests: 'did you mean `plug`?',
    },
    {
      lab: `${frontMatter()}${step('One', '', '«<!-- step: a needs: b -->»', WORK)}${step('Two', '', '<!-- step: b -->', WORK)}`,
      says: 'there is no step `b` before this one',
    },
  ],
  'unknown-check-need': [
    {
      lab: oneStep(fence('yaml check', '- netns: a', '  id: first', '- «netns: b»', '  needs: [frist]')),
      says: 'there is no check with the id `frist` before this one',
      suggests: 'did you mean `first`?',
    },
  ],
  'bad-directive': [
    {
      lab: oneStep('', '<!-- «step»: a b -->', WORK),
      says: 'this directive is not understood: a step id is made of letters, digits, - and _',
    },
    {
      lab: oneStep('', '<!-- step: a «points»: many -->', WORK),
      says: 'this directive is not understood: points is a number',
    },
    {
      lab: oneStep('', '<!-- step: a points: 1 «points»: 2 -->', WORK),
      says: 'this directive is not understood: `points` is there twice',
    },
    {
      lab: oneStep('', '<!-- step: a «needs»: [b -->', WORK),
      says: 'this directive is not understood: needs is a list of step ids',
    },
    {
      lab: oneStep('', '«<!-- step:a -->»', WORK),
      says: 'this directive is not understood: it begins with `step: ID`, with a blank after the colon',
    },
    {
      lab: `${frontMatter()}${step('One', WORK)}${step('Words', '', '«<!-- step: words -->»', '', 'Only words.')}`,
      says: 'this directive is not understood: nothing is done in this section',
    },
  ],
  'stray-directive': [
    {
      lab: oneStep('', 'Words first.', '', '«<!-- step: late -->»', WORK),
      says: 'a step directive belongs right under a `##` heading',
    },
    {
      lab: `${frontMatter()}«<!-- step: early -->»\n\n${step('It', WORK)}`,
      says: 'a step directive belongs right under a `##` heading',
    },
  ],
}
