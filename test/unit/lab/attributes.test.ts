import { describe, expect, test } from 'vitest'
import { parseAttributes } from '../../../src/lab/attributes.ts'
import { ProblemList } from '../../../src/lab/problem.ts'

/** What is read of the words after the backticks, and the problems as `column-column: message`. */
function read(info: string) {
  const problems = new ProblemList('demo.md', [`\`\`\`${info}`])
  const attributes = parseAttributes(info, 1, 4, problems)
  return {
    attributes,
    problems: problems.sorted().map(({ column, length, message }) => {
      return `${`\`\`\`${info}`.slice(column - 1, column - 1 + length)} -> ${message.replace(/^`.*?`: /, '')}`
    }),
  }
}

describe('ready', () => {
  test.each([
    ['sh background ready=80/tcp', { port: 80, protocol: 'tcp' }],
    ['sh ready=65535/udp background', { port: 65_535, protocol: 'udp' }],
    ['sh background ready="listening on"', { text: 'listening on' }],
    ["sh background ready='listening on' until=lab", { text: 'listening on' }],
    ['sh background ready="it\'s 80/tcp"', { text: "it's 80/tcp" }],
    ['sh background ready="80/tcp"', { text: '80/tcp' }],
    ['sh background ready=Serving', { text: 'Serving' }],
    ['sh background ready="a = b"', { text: 'a = b' }],
  ])('%s', (info, ready) => {
    expect(read(info)).toMatchObject({ attributes: { ready, background: true }, problems: [] })
  })

  const EXPECTED = 'expected a port such as ready=80/tcp, or a text that it prints: ready="listening on"'

  test.each([
    ['sh background ready=80', `ready=80 -> ${EXPECTED}`],
    ['sh background ready=0/tcp timeout=5s', `ready=0/tcp -> ${EXPECTED}`],
    ['sh background ready=80/tpc', `ready=80/tpc -> ${EXPECTED}`],
    ['sh background ready=', `ready= -> ${EXPECTED}`],
    ['sh background ready=" "', `ready=" " -> ${EXPECTED}`],
    ['sh   ready="listening on"   timeout=5s', 'ready="listening on" -> only a background block gets ready'],
    ['sh background ready="listening on', 'ready="listening on -> expected quotation marks around the whole value'],
    ['sh background ready=a"b"', 'ready=a"b" -> expected quotation marks around the whole value'],
    ['sh background redy="listening on"', 'redy="listening on" -> unknown attribute `redy="listening on"` after `sh`'],
    ['sh background ready', 'ready -> unknown attribute `ready` after `sh`'],
  ])('%s is a mistake', (info, problem) => {
    expect(read(info).problems).toEqual([problem])
  })
})

describe('other attributes', () => {
  test('may be in quotation marks too', () => {
    expect(read(`sh terminal="left" timeout='2s' exit="any"`)).toMatchObject({
      attributes: { terminal: 'left', timeout: 2000, exit: 'any' },
      problems: [],
    })
  })

  test('a block that says nothing of it waits for nothing', () => {
    expect(read('sh background').attributes.ready).toBeUndefined()
  })
})
