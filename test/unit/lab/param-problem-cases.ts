import { fence, frontMatter, oneStep } from '../../support/lab-text.ts'
import type { ProblemCase } from './block-problem-cases.ts'

const WORK = fence('sh', 'true')
const KINDS = 'expected one of {int: 8000..65000}, {pick: [a, b, c]} and {subnet: 10.16.0.0/12, prefix: 24}'

/** A lab with the given params; what is given besides is in its only step. */
function withParams(params: readonly string[], ...parts: readonly string[]): string {
  const lines = params.map((line) => `  ${line}`)
  return [`${frontMatter('params:', ...lines)}## It`, ...(parts.length > 0 ? parts : [WORK])].join('\n')
}

const LAN = 'lan: {subnet: 10.16.0.0/12, prefix: 24}'
const FAULT = 'fault: {pick: [a, b], hidden: true}'

/** What is said about params, and about what only some of the readers may see. */
export const PARAM_PROBLEM_CASES = {
  'bad-param': [
    { lab: withParams(['port: «5»']), says: `the param \`port\`: ${KINDS}` },
    { lab: withParams(['port: «{int: 1..2, pick: [3]}»']), says: `the param \`port\`: ${KINDS}` },
    {
      lab: withParams(['«my-port»: {int: 1..2}']),
      says: 'the param `my-port`: a param has a name of letters, digits and _, which begins with a letter',
    },
    {
      lab: withParams(['one: {subnet: 10.0.0.0/24, prefix: 24}', 'two: «{subnet: 10.0.0.0/24, prefix: 25}»']),
      says: 'the param `two`: there may be no room for it beside the other subnets: take it from a larger network',
    },
  ],
  'unknown-param': [
    {
      lab: withParams(['port: {int: 1..2}'], fence('sh', 'echo {{port}} «{{prot}}»')),
      says: 'there is no param `prot`',
      suggests: 'did you mean `port`?',
    },
  ],
  'no-such-part': [
    {
      lab: withParams(['lan: {subnet: 10.0.0.0/24, prefix: 24}'], fence('sh', 'echo {{lan}} «{{lan.255}}»')),
      says: '`{{lan.255}}`: 10.0.0.0/24 has no such part',
      suggests: 'parts of a subnet: 1, 2, … and -1 for addresses; network, prefix, mask, broadcast',
    },
    {
      lab: withParams(['n: {int: 5..5}'], fence('sh', 'echo «{{n.1}}»')),
      says: '`{{n.1}}`: 5 has no such part',
      suggests: 'a number has no parts',
    },
    {
      lab: withParams(['n: {pick: [x, y], count: 2, hidden: true}'], fence('sh setup', 'echo {{n.2}} «{{n.3}}»')),
      says: '`{{n.3}}`: it has no such part',
    },
  ],
  'hidden-param': [
    {
      lab: withParams([FAULT], 'It is «{{fault}}».', WORK),
      says: 'students would see the hidden param `fault` here',
      suggests: 'use it in `sh setup`, in a solution, in an answer or in a hidden check',
    },
    {
      lab: withParams(
        [FAULT],
        WORK,
        fence('yaml check', '- run: test {{fault}}', '  hidden: true', '- run: test «{{fault}}»'),
      ),
      says: 'students would see the hidden param `fault` here',
    },
    {
      lab: withParams([FAULT], WORK, fence('yaml question', 'ask: Is it «{{fault}}»?', 'answer: "{{fault}}"')),
      says: 'students would see the hidden param `fault` here',
    },
    {
      lab: `${frontMatter('«title: "It is {{fault}}"»', 'params:', `  ${FAULT}`)}## It\n${WORK}`,
      says: 'students would see the hidden param `fault` here',
    },
  ],
  'param-in-id': [
    {
      lab: `${frontMatter('params:', `  ${LAN}`)}«## Build {{lan}}»\n${WORK}`,
      says: 'this step would have another id for each student',
      suggests: 'give it one under its heading, in which no param is used: `<!-- step: ID -->`',
    },
  ],
  'needs-hidden': [
    {
      lab: oneStep(fence('yaml check', '- netns: a', '  id: a', '  hidden: true', '- «netns: b»', '  needs: [a]')),
      says: 'a check that students see cannot need the hidden check `a`',
    },
  ],
  'only-in-edition': [
    {
      lab: oneStep(fence('yaml question', '«ask: why»')),
      says: 'a question without `answer` is only in editions, which `labrun edition` makes',
    },
    {
      lab: oneStep(WORK, '«<!-- task -->»'),
      says: '`<!-- task -->` is only in editions, which `labrun edition` makes',
    },
    {
      lab: oneStep('«```sh setup sealed»', 'dHJ1ZQo=', '```'),
      says: '`sealed` is only in editions, which `labrun edition` makes',
    },
  ],
  'bad-seal': [
    {
      lab: `${frontMatter('edition: true')}## It\n«\`\`\`sh setup sealed»\ndHJ1Z!\n\`\`\`\n`,
      says: 'this sealed block was changed, or is not whole',
    },
    {
      lab: `${frontMatter('edition: true')}## It\n«\`\`\`sh sealed»\ndHJ1ZQo=\n\`\`\`\n`,
      says: 'this sealed block was changed, or is not whole',
    },
  ],
} as const satisfies Readonly<Record<string, readonly ProblemCase[]>>
