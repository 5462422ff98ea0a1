import { execa } from 'execa'
import { type Examination, examine } from '../doctor/examine.ts'
import { installLine, MANAGERS, packageOf } from '../doctor/packages.ts'
import { printableJson } from '../sanitize.ts'

export interface DoctorOptions {
  readonly fix?: boolean
  readonly json?: boolean
}

/** `labrun doctor`: 0 if labs can be run here, otherwise 2. */
export async function doctor({ fix, json }: DoctorOptions): Promise<number> {
  let found = await examine()
  if (fix && found.missing.length > 0 && (await install(found))) found = await examine()
  if (json) process.stdout.write(`${printableJson({ ...found, install: remedy(found) ?? null })}\n`)
  else tell(found)
  return found.missing.length === 0 && found.world?.works === true ? 0 : 2
}

function tell(found: Examination): void {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  if (found.missing.length === 0) say('✓ all programs that labs use are installed')
  else {
    say(`✗ not installed: ${found.missing.join(', ')}`)
    const line = remedy(found)
    say(line ? `  → ${line}` : '  → install them with the package manager of this system')
    if (line) say('  → or let `labrun doctor --fix` do it')
  }
  const { world } = found
  if (world?.works && 'vagrant' in world)
    say('✓ Vagrant is installed: labs run in a virtual machine here, `labrun vm up` makes it')
  else if (world?.works)
    say(`✓ a world with a gateway, a client and a server was built in ${world.milliseconds} ms (ids: ${world.ids})`)
  else if (world) {
    say(`✗ no world can be built: ${world.cause}`)
    for (const one of world.remedies) say(`  → ${one}`)
  } else say('- whether a world can be built was not tried, because programs are missing')
  for (const note of found.notes) say(`note: ${note}`)
}

function remedy({ missing, manager }: Examination): string | undefined {
  if (missing.length === 0 || !manager) return undefined
  return installLine(missing, manager, process.getuid?.() !== 0)
}

/** Installs what is missing, its output for all to see; false if that cannot be done here. */
async function install({ missing, manager }: Examination): Promise<boolean> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  if (!manager) {
    say('labrun: no package manager that labrun knows is installed here')
    return false
  }
  const { refresh, install: command } = MANAGERS[manager]
  const packages = [...new Set(missing.map((tool) => packageOf(tool, manager)))].toSorted()
  const prefix = process.getuid?.() === 0 ? [] : ['sudo']
  for (const words of [...(refresh ? [refresh] : []), [...command, ...packages]]) {
    const [file = '', ...parameters] = [...prefix, ...words]
    say(`+ ${[file, ...parameters].join(' ')}`)
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    // Its output goes to standard error: standard output is for what the doctor finds.
    const { exitCode, shortMessage } = await execa(file, parameters, {
      stdin: 'inherit',
      stdout: 2,
      stderr: 2,
      env,
      reject: false,
    })
    if (exitCode !== 0) {
      say(`labrun: ${shortMessage ?? `status ${exitCode}`}`)
      return false
    }
  }
  return true
}
