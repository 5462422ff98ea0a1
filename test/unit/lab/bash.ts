import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'

// Nothing of the texts is found on the path: only builtins run, and the corpora hold harmless ones.
const ENV = { PATH: '/nonexistent', LC_ALL: 'C.UTF-8', PS1: '\u0001', PS2: '\u0002', HISTFILE: '' }

/** For each text: whether `bash -n` takes it for complete, without an error or a warning. One process for all. */
export async function areComplete(texts: readonly string[]): Promise<boolean[]> {
  const judge = `while IFS= read -rd '' text; do
    errors=$(/bin/bash -n -c "$text" 2>&1) && [[ -z $errors ]] && echo yes || echo no
  done`
  const { stdout } = await bash(['-c', judge], texts.map((text) => `${text}\0`).join(''))
  return stdout
    .trimEnd()
    .split('\n')
    .map((answer) => answer === 'yes')
}

/** For each line of the text: whether an interactive bash asks for it as a new command, and not as more of one. */
export async function promptsOf(text: string): Promise<boolean[]> {
  const { stderr } = await bash(['--norc', '--noprofile', '--noediting', '+H', '-i'], text)
  const prompts = [...stderr].filter((char) => char === ENV.PS1 || char === ENV.PS2)
  // The last prompt asks for what comes behind the text.
  return prompts.slice(0, -1).map((char) => char === ENV.PS1)
}

function bash(args: readonly string[], input: string): Promise<{ stdout: string; stderr: string }> {
  // Detached: an interactive bash must not find the terminal from which the tests were started.
  const child = spawn('/bin/bash', args, { env: ENV, cwd: tmpdir(), detached: true, timeout: 20_000 })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve({ stdout, stderr }))
  })
}
