// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is bash

export interface Case {
  readonly block: string
  readonly commands: readonly string[]
  /** What the block leaves open: `LINE CONSTRUCT`. */
  readonly unfinished: string | undefined
}

const given = (block: string, commands: readonly string[], unfinished?: string): Case => ({
  block,
  commands,
  unfinished,
})
/** Several lines that are one command. */
const one = (block: string) => given(block, [block])
/** Every line is a command of its own. */
const each = (block: string) => given(block, block.split('\n'))

/** Valid bash: the splitter and bash must agree on every boundary. */
export const VALID: readonly Case[] = [
  given('', []),
  given('\n \n# only a comment', []),
  each('ip netns add net1\nip netns add net2'),
  each('ip link; ip addr\nsleep 0 &\nwait'),
  given('\n# first\n  ip link\n\n\t# second\nip addr\n\n', ['  ip link', 'ip addr']),

  // Lines that go on
  one('ip link add veth1 \\\n  type veth \\\n  peer name veth2'),
  one('ip -n net1 link |\n  grep veth'),
  one('ping -c 1 10.0.0.2 &&\n\n  # and then\n  echo up'),
  one('ping -c 1 10.0.0.2 ||\necho down'),
  one('make |&\ntail -n 1'),
  given('echo a \\\n\necho b', ['echo a \\\n', 'echo b']),
  each('echo a # b \\\necho c'),
  each('echo a\\\\\necho b'),
  one('wh\\\nile false; do echo; do\\\nne'),
  one('echo a &\\\n& echo $\\\n(b)'),

  // Quotes and comments
  one("echo 'one\ntwo # three\n'"),
  one('echo "one\n\\" two $(echo "\n)") `echo \\`\n`"'),
  one("echo $'it\\'s\n' $\"a\nb\""),
  each("echo 'a\\'\necho \"'\"\necho \\'\necho \\\""),
  each("ls # it's\necho $# a#b ${#a} '#' \\# $'#'\necho b"),
  each('ls;# "\nls&# "\n(ls)# "\necho "a"# b'),
  one("if true # it's\nthen # (\n  # {\n  echo a # fi\nfi"),

  // Substitutions
  one('x=$(ip link |\n  grep veth)'),
  one("x=$(\n  # it's a comment )\n  case a in a) echo b;; esac\n)"),
  one('x=$(\n\n)'),
  one('echo `ip link |\n  grep veth`'),
  one('echo ${x:-one\ntwo} ${x#"}"\n}'),
  one('echo "${x:-\'\n\'}"'),
  one('echo $((1 +\n (2 * 3)))'),
  one('echo $[1 +\n 2]'),
  one('echo $((echo a); (echo b\n))'),
  one('diff <(ip link\n) >(cat\n)'),
  one('echo ${x:-<(echo }\n)}'),
  each('echo $$ "$$(" $${\necho b'),

  // Reserved words and the places where they are none
  each('echo if\necho { for x in\necho {a,b} }\n{a\nx=if if\n>/dev/null if'),
  one('if false\nthen echo a\nelif false; then\n  echo b\nelse\n  echo c\nfi'),
  one('if false; then if false; then :; fi; fi; for x in if then; do\necho $x\ndone'),
  one('while false\ndo\necho done\ndone < /dev/null'),
  one('until true; do {\n:; }; done'),
  one('for x in a b\ndo echo $x; done'),
  one('for x\nin a b; do\necho $x; done'),
  one('for x\ndo :\ndone'),
  one('for x in a do; do\n:; done'),
  one('for ((i = 0;\ni < 3; i++)); do echo $i\ndone'),
  one('for ((i = 0; i < 3; i++))\n{ :\n}'),
  one('select x in; do\n:; done'),
  one('{ ip link\nip addr; }'),
  one('(ip link\nip addr)'),
  one('(cd /; (ip link\n) )'),
  each('if [[ a ]] then :; fi\n{ if :; then :; fi }\n{ (:) } 2>&1 | cat'),
  one('time -p {\n:; }'),
  one('! if false; then\n:; fi'),
  each('!\ntime\n: && !'),
  one('coproc c {\n:; }'),

  // Case
  each('case x in a) echo esac;; esac\ncase x in esac\ncase in in in) ;; esac'),
  one('case $1\nin\n  # first\n  (a | b) echo a ;;\n  "c d") echo c ;&\n  *) echo d\nesac'),
  one('case x in\n  a) ;;\n  b) case y in y) ;; esac ;;&\n  (esac) ;;\n  c) if true; then echo; fi\nesac'),
  one('{ case x in a) :\nesac }'),

  // Functions
  one('f() {\n  echo f\n}'),
  one('f ()\n{\n  echo f\n}'),
  one('function f {\n  echo f\n}'),
  one('function f\n\n{\n  echo f\n}'),
  one('function f () (\n  echo f\n)'),
  one('function f (\n  echo f\n)'),
  one('f() if false; then\n:; fi'),
  one('f-g() [[ -n a &&\n b ]]'),

  // Here-documents
  one('cat <<EOF\nbody # it\'s $( "\nEOF'),
  given('cat <<EOF\nbody\nEOF\ncat <<EOF\nEOF\n', ['cat <<EOF\nbody\nEOF', 'cat <<EOF\nEOF']),
  one('cat <<-EOF\n\tbody\n EOF\n\t\tEOF'),
  one('cat <<\'E F\' <<"$x" <<\\E$\na\nE F\nb\n$x\nc\nE$'),
  one('cat <<A; cat <<B\nA\nb\nB'),
  one('cat <<EOF |\nbody\nEOF\ngrep body'),
  one('cat <<EOF | while false; do\nbody\nEOF\n:; done'),
  one('cat <<EOF "a\nb"\nbody\nEOF'),
  one('x=$(cat <<EOF\n)\nEOF\n)'),
  one('cat <<EOF $(echo a\n)\nbody\nEOF'),
  one('if cat <<EOF\nfi\nEOF\nthen :; fi'),
  one('cat <<EOF\nEO\\\nF'),
  one("cat <<'EOF'\nEOF\\\nEOF"),
  one('cat <<EOF\nb\\\nEOF\nEOF'),
  each("cat <<<EOF\ncat <<< 'EOF'\necho $((1 << 2))\n((x = 1 << 2))"),

  // Arithmetic, conditions, arrays, patterns
  one('((x = 1 +\n(2)))'),
  one('((echo a); (echo b\n))'),
  one('((echo a\n) ; (echo b))'),
  one('[[ -n a &&\n  ! ( b == c || -z $d\n ) ]]'),
  one('[[ -n a\n]]'),
  each('[[ a =~ ^(b|c d)|e$ ]]\n[[ a == @(a b|c) ]]\n[[ a < b || c > d ]]'),
  one("a=(\n  one # it's\n  [2]='two\n' $(echo three\n)\n)"),
  one('declare -a a=(\n1\n)'),
  one('x=1 a+=(1\n2) b=()'),
  one('a[1 +\n2]=3'),
  each('ls a[1\nls [\n[ a = b ]'),
  each('ls > /dev/null 2>&1\nls &> /dev/null {fd}< /dev/null\n{ :; } 2> /dev/null {fd}<> /dev/null'),
]

/** Valid after `shopt -s extglob`, which a lab may have set in an earlier block. */
export const VALID_WITH_EXTGLOB: readonly Case[] = [
  one('ls @(a|b\nc) +("\n)") !(a)'),
  each("case x in @(a|b)) echo;; esac\n!(true)\nls ?(it) # it's"),
]

/** What bash rejects or leaves open. */
export const INVALID: readonly Case[] = [
  given("echo a\necho 'b\n\necho c", ['echo a', "echo 'b\n\necho c"], "1 quote '"),
  given('echo "it\'s\n', ['echo "it\'s'], '0 quote "'),
  given("echo $'a", ["echo $'a"], "0 quote $'"),
  given('echo "$(echo `a', ['echo "$(echo `a'], '0 `'),
  given('cat <<EOF\nbody\n\n', ['cat <<EOF\nbody\n'], '0 here-document EOF'),
  given("echo a\ncat <<A <<-'B C'\nA\nB C x", ['echo a', "cat <<A <<-'B C'\nA\nB C x"], '1 here-document B C'),
  given('cat <<EOF', ['cat <<EOF'], '0 here-document EOF'),
  given('while true; do\nif true\nthen', ['while true; do\nif true\nthen'], '1 if'),
  given('for x in a; do', ['for x in a; do'], '0 for'),
  given('case x in\n a) b', ['case x in\n a) b'], '0 case'),
  given('f() {\necho', ['f() {\necho'], '0 {'),
  given('echo\nf()', ['echo', 'f()'], '1 function'),
  given('function f\n', ['function f'], '0 function'),
  given('(echo', ['(echo'], '0 ('),
  given('echo $(echo\n(', ['echo $(echo\n('], '1 ('),
  given('echo $(echo', ['echo $(echo'], '0 $('),
  given('cat <(echo', ['cat <(echo'], '0 <('),
  given('echo ${x', ['echo ${x'], '0 ${'),
  given('((1 + 2', ['((1 + 2'], '0 (('),
  given('echo $((1 + 2)', ['echo $((1 + 2)'], '0 $(('),
  given('[[ -n a &&', ['[[ -n a &&'], '0 [['),
  given('[[ -n a && (\n', ['[[ -n a && ('], '0 ('),
  given('a=(\n1', ['a=(\n1'], '0 =('),
  given('ls |\n# c', ['ls |\n# c'], '0 |'),
  given('ls\nls a \\\n b &&\n', ['ls', 'ls a \\\n b &&'], '2 &&'),
  given('ls a \\\n b \\', ['ls a \\\n b \\'], '1 \\'),

  // A line that is wrong ends its command: the next line stands for itself.
  given('if then fi\necho a', ['if then fi', 'echo a']),
  given('if true; done\necho a', ['if true; done', 'echo a']),
  given('if true\nthen }\necho a', ['if true\nthen }', 'echo a']),
  given('fi\n)\n}\n;;\n;\n| ls\necho a', ['fi', ')', '}', ';;', ';', '| ls', 'echo a']),
  given('echo (a) "\necho b', ['echo (a) "', 'echo b']),
  given("echo (it's\n) it's\necho b", ["echo (it's\n) it's", 'echo b']),
  given('(a) b\n{ a; } (\nif a; fi (\necho b', ['(a) b', '{ a; } (', 'if a; fi (', 'echo b']),
  given('ls >\nls > | "\ncat << |\necho b', ['ls >', 'ls > | "', 'cat << |', 'echo b']),
  given('[[ a == b ]\nif [[ a == b ]; then\n[[ a; ]]\necho b', [
    '[[ a == b ]',
    'if [[ a == b ]; then',
    '[[ a; ]]',
    'echo b',
  ]),
  given('for\nfor x in a (b) {\ncase\ncase x in a b)\necho b', [
    'for',
    'for x in a (b) {',
    'case',
    'case x in a b)',
    'echo b',
  ]),
  given('f() echo {\nfunction f g {\na=(1; 2\necho b', ['f() echo {', 'function f g {', 'a=(1; 2', 'echo b']),
  given('cat <<EOF )\nbody\nEOF\necho b', ['cat <<EOF )\nbody\nEOF', 'echo b']),
  given('cat <<EOF | )\nbody\nEOF\necho b', ['cat <<EOF | )', 'body', 'EOF', 'echo b']),
  given('a | ! b\na | time -p\necho b', ['a | ! b', 'a | time -p', 'echo b']),
]
