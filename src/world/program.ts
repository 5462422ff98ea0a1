import { readdirSync, readFileSync } from 'node:fs'
import type { Needs } from '../lab/lab.ts'
import { packageRoot } from '../package.ts'

const FOLDER = new URL('src/world/program/', packageRoot)

let program: string | undefined

/** The program that builds a world and is its PID 1: the files of `program/`, one after the other. Perl 5.14 or later. */
export function worldProgram(): string {
  program ??= readdirSync(FOLDER)
    .filter((name) => name.endsWith('.pl'))
    .toSorted()
    .map((name) => `#line 1 "${name}"\n${readFileSync(new URL(name, FOLDER), 'utf8')}`)
    .join('')
  return program
}

/** A command that reads the program of `size` bytes from its standard input and becomes it; as root where a lab needs that. */
export function bootCommand(size: number, needs: Needs | 'look'): readonly [string, ...string[]] {
  const reader = `my $p=''; while(length($p)<${size}){sysread(STDIN,$p,${size}-length($p),length($p))||exit 1} eval $p; die $@ if $@`
  if (needs === 'any') return ['perl', '-e', reader]
  return ['sh', '-c', 'test "$(id -u)" = 0 || exec sudo -n -- "$@"; exec "$@"', 'sh', 'perl', '-e', reader]
}
