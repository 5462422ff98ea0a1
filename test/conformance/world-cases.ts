import type { Case } from './case.ts'
import { firewallCases } from './firewall-cases.ts'
import { isolationCases } from './isolation-cases.ts'
import { lanCases } from './lan-cases.ts'
import { limitCases } from './limit-cases.ts'
import { networkCases } from './network-cases.ts'
import { probeCases } from './probe-cases.ts'

/** What must work in a world, and what must not be reached from it. */
export const worldCases: readonly Case[] = [
  ...networkCases,
  ...firewallCases,
  ...lanCases,
  ...probeCases,
  ...isolationCases,
  ...limitCases,
]
