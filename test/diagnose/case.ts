import { expect, it } from 'vitest'
import type { DiagnosisQuestion } from '../../src/checks/check.ts'
import type { RuleRef } from '../../src/diagnose/chains.ts'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import type { Diagnosis } from '../../src/diagnose/finding.ts'
import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'
import { isolated, lan } from '../conformance/case.ts'

/** A network in which something is wrong, and what has to be found. */
export interface Broken {
  readonly name: string
  readonly network: string
  /** What breaks it. */
  readonly fault: string
  /** `net1 -> 10.0.0.2`, or with a port for TCP. */
  readonly question: string
  readonly size?: number
  readonly lan?: boolean
  readonly finds: Partial<Omit<Diagnosis, 'rule'>> & Pick<Diagnosis, 'code'> & { readonly rule?: Partial<RuleRef> }
  readonly text?: RegExp
  readonly look?: string
}

/** Builds each network, sees that it works, breaks it, and asks what is wrong. */
export function findsAll(cases: readonly Broken[]): void {
  for (const broken of cases) {
    it(broken.name, async () => {
      const found = await find(broken)
      if (process.env.SHOW)
        console.log(
          `${broken.name}\n  ${found.text}\n  ${found.look.join('\n  ')}\n  last seen ${JSON.stringify(found.lastSeen)}`,
        )
      expect(found, found.text).toMatchObject(broken.finds)
      if (broken.text) expect(found.text).toMatch(broken.text)
      if (broken.look) expect(found.look).toContain(broken.look)
    })
  }
}

async function find({ network, fault, question, size, lan: inLan }: Broken): Promise<Diagnosis> {
  const world = await World.open(localMachine, inLan ? lan : isolated)
  try {
    await type(world, network)
    await type(world, fault)
    const asked = { ...parse(question), ...(size === undefined ? {} : { size }) }
    return (await diagnose(world, asked))!
  } finally {
    await world.close()
  }
}

async function type(world: World, text: string): Promise<void> {
  const end = await world.run('main', text, { timeout: 10_000 })
  expect(end, end.output).toMatchObject({ status: 0, timedOut: false })
}

function parse(question: string): DiagnosisQuestion {
  const [, from = '', to = '', port] = /^(\S+) -> ([^:]+)(?::(\d+))?$/.exec(question) ?? []
  return port === undefined ? { from, to, protocol: 'icmp' } : { from, to, protocol: 'tcp', port: Number(port) }
}
