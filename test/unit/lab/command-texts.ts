import fc from 'fast-check'

/** Bash text; `bodies`: here-documents that must follow the next newline. */
interface Text {
  readonly text: string
  readonly bodies: string
}

const WORDS = [
  'a', 'if', 'esac', 'done', '{', '}', '{a,b}', 'a#b', '$#', '\\#', '"#"', "'it'\\''s'", '"x\n\'y"', "$'it\\'s\n'",
  '$(:)', '$(: a # it\'s (\n)', '"$(: "a b" |\n:)"', '$(case a in a) :;; esac)', '`: b`', '`:\n:`', '${x:-y}', '"${x#"}"}"',
  '${x:-\n}', '$((1 + (2)))', '$((1 +\n2))', '<(:)', 'a\\\nb', '\\\n', '$$', '=', '[', '!', 'x=1', '2>&1', '< /dev/null', '<<<EOF',
]
const COMMANDS = [':', 'echo', 'x=1', 'x= echo', '> /dev/null :', 'a=(1 2\n# it\'s\n3)', 'a[1 +\n1]=2', '((1 <\n2))', '((:); (:))', '[[ -n a ]]', '[[ a == b ||\n a =~ (b c)|d ]]', 'echo \\\n', '\\\n:', '!', 'time']
const GAPS = ['\n', '\n', '; ', ';', '\n\n', ' # it\'s {\n', '\n  # if "\n\n', ' & ', ' \\\n;']
const JOINTS = ['&&', '||', '|', '|&']
const BREAKS = [' ', '\n', '\n\n  ', ' # "do\n', ' \\\n']
const DELIMITERS = ['EOF', "'EOF'", '"E F"', '\\E']

const { list } = fc.letrec<{ list: Text; command: Text; compound: Text }>((tie) => ({
  list: fc.array(fc.tuple(tie('command'), fc.constantFrom(...GAPS)), { minLength: 1, maxLength: 3 }).map(sequence),
  command: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    simple(),
    hereDocument(),
    tie('compound'),
    fc.tuple(tie('command'), fc.constantFrom(...JOINTS), fc.constantFrom(...BREAKS), tie('command')).map(joined),
  ),
  compound: fc.oneof(
    fc.tuple(tie('list'), tie('list'), tie('list')).map(([a, b, c]) => {
      return plain(`if ${closed(a)}then ${closed(b)}elif false; then :; else ${closed(c)}fi`)
    }),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => plain(`while ${closed(a)}false; do ${closed(b)}done`)),
    fc.tuple(tie('list'), fc.constantFrom(...BREAKS)).map(([a, gap]) => plain(`for x${gap}in if do;${gap}do ${closed(a)}done`)),
    tie('list').map((a) => plain(`for ((;0;)) do ${closed(a)}done`)),
    tie('list').map((a) => plain(`case a in b | "c)") ${closed(a)};; (d)${'\n'}${closed(a)}esac`)),
    tie('list').map((a) => plain(`{ ${closed(a)}}`)),
    tie('list').map((a) => plain(`(${closed(a)})`)),
    tie('list').map((a) => plain(`: $(${closed(a)}) b`)),
    tie('list').map((a) => plain(`f()\n{ ${closed(a)}} 2>&1`)),
    tie('list').map((a) => plain(`function f { ${closed(a)}}`)),
  ),
}))

/** Valid bash of one or more lines: lists nested in compound commands, with the awkward words and layouts of bash. */
export const shellTexts: fc.Arbitrary<string> = list.map(closed)
