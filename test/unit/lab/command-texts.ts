// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is bash
import fc from 'fast-check'

/** Bash text; `bodies`: here-documents that must follow the next newline. */
interface Text {
  readonly text: string
  readonly bodies: string
}

const WORDS = [
  'a',
  'if',
  'esac',
  'done',
  '{',
  '}',
  '{a,b}',
  'a#b',
  '$#',
  '\\#',
  '"#"',
  "'it'\\''s'",
  '"x\n\'y"',
  "$'it\\'s\n'",
  '$(:)',
  "$(: a # it's (\n)",
  '"$(: "a b" |\n:)"',
  '$(case a in a) :;; esac)',
  '`: b`',
  '`:\n:`',
  '${x:-y}',
  '"${x#"}"}"',
  '${x:-\n}',
  '$((1 + (2)))',
  '$((1 +\n2))',
  '<(:)',
  'a\\\nb',
  '\\\n',
  '$$',
  '=',
  '[',
  '!',
  'x=1',
  '2>&1',
  '< /dev/null',
  '<<<EOF',
]
const STARTS = [':', 'echo', 'x= echo', '> /dev/null :', '\\\n:']
const COMMANDS = [
  'x=1',
  "a=(1 2\n# it's\n3)",
  'a[1 +\n1]=2',
  '((1 <\n2))',
  '((:); (:))',
  '[[ -n a ]]',
  '[[ a == b ||\n a =~ (b c)|d ]]',
  'echo \\\n',
]
const GAPS = ['\n', '\n', '; ', ';', '\n\n', " # it's {\n", '\n  # if "\n\n', ' & ', ' \\\n;']
const JOINTS = ['&&', '||', '|', '|&']
const BREAKS = [' ', '\n', '\n\n  ', ' # "do\n', ' \\\n']
const BODIES = ['', "it's ( # {", 'a\nif\n EOF', 'X EOF\\\\']
const DELIMITERS = ['EOF', "'EOF'", '"E F"', '\\E']

// Every list ends in a separator, so that a reserved word may follow at once.
const COMPOUNDS = [
  (a: string, b: string) => `if ${a}then ${b}fi`,
  (a: string, b: string) => `if ${a}then :; elif false; then :; else ${b}fi > /dev/null`,
  (a: string, b: string) => `while ${a}false; do ${b}done`,
  (a: string, b: string) => `for x in if do; do ${a}done && for x do ${b}done`,
  (a: string, b: string) => `for ((; 0;)) do ${a}${b}done`,
  (a: string, b: string) => `case a\nin b | "c)") ${a}\n;; (d)\n${b}esac`,
  (a: string, b: string) => `{ ${a}${b}}`,
  (a: string, b: string) => `( ${a}${b})`,
  (a: string, b: string) => `: $( ${a}) "$( ${b})"`,
  (a: string, b: string) => `f()\n{ ${a}${b}} 2>&1`,
  (a: string, b: string) => `function f { ${a}${b}}`,
]

const simple = fc
  .tuple(fc.constantFrom(...STARTS), fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }))
  .map((words) => words.flat().join(' '))
  .chain((words) => fc.constantFrom(words, words, ...COMMANDS))
  .map((text): Text => ({ text, bodies: '' }))

const hereDocument = fc
  .tuple(fc.constantFrom(...DELIMITERS), fc.constantFrom(...BODIES))
  .map(([delimiter, body]): Text => {
    const end = delimiter.replace(/['"\\]/g, '')
    return { text: `: <<${delimiter} a 2>&1 <<-X`, bodies: `${body}\n${end}\n\t${body}\n\tX\n` }
  })

const { list } = fc.letrec<{ list: string; command: Text; compound: Text }>((tie) => ({
  list: fc.array(fc.tuple(tie('command'), fc.constantFrom(...GAPS)), { minLength: 1, maxLength: 3 }).map(sequence),
  command: fc.oneof(
    { maxDepth: 3 },
    simple,
    hereDocument,
    tie('compound'),
    fc.tuple(tie('command'), fc.constantFrom(...JOINTS), fc.constantFrom(...BREAKS), tie('command')).map(joined),
  ),
  compound: fc
    .tuple(fc.constantFrom(...COMPOUNDS), tie('list'), tie('list'))
    .map(([compound, first, second]) => ({ text: compound(first, second), bodies: '' })),
}))

/** Valid bash of one or more lines: lists nested in compound commands, with the awkward words and layouts of bash. */
export const shellTexts: fc.Arbitrary<string> = list

function sequence(steps: readonly (readonly [Text, string])[]): string {
  return steps.map(([command, gap]) => command.text + (command.bodies ? `\n${command.bodies}` : gap)).join('')
}

function joined([left, joint, gap, right]: readonly [Text, string, string, Text]): Text {
  const between = left.bodies ? `\n${left.bodies}` : gap
  return { text: `${left.text} ${joint}${between}${right.text}`, bodies: right.bodies }
}
