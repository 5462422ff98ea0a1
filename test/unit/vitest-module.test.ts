import { expect, test } from 'vitest'
import { labModule } from '../../src/vitest/module.ts'
import { fence, frontMatter, lab } from '../support/lab-text.ts'

const TEXT = `${frontMatter('title: "It\\u2019s a \\"lab\\""')}
# A lab

## One

<!-- step: first -->
${fence('sh', 'true')}
## \`Two\` and 'three' \${four}
${fence('sh', 'true')}
## Only prose

Words.
`
const OPTIONS = { runtime: '/there/vitest-lab.js', file: '/a "b"/demo.md', verify: false }

test('each test stands in the line of its heading', () => {
  const source = TEXT.split('\n')
  const lines = labModule(lab(TEXT), OPTIONS).split('\n')
  expect(lines[source.indexOf('## One')]).toBe(`test("One", lab.options, lab.step("first"));`)
  const second = lines[source.findIndex((line) => line.startsWith('## `Two`'))]
  expect(second).toBe(`test("\`Two\` and 'three' \${four}", lab.options, lab.step("two-and-three-four"));`)
  expect(lines.filter((line) => line.includes('test('))).toHaveLength(2)
  expect(lines[0]).toContain(`openLab({"file":"/a \\"b\\"/demo.md","verify":false})`)
  expect(lines[0]).toContain(`describe("It\u2019s a \\"lab\\""`)
})

test('with a proof, the last line is a test too', () => {
  const lines = labModule(lab(TEXT), { ...OPTIONS, verify: true }).split('\n')
  expect(lines[TEXT.split('\n').indexOf('Words.')]).toBe(
    `test('leaves nothing behind', lab.options, lab.leavesNothing);`,
  )
})
