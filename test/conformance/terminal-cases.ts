import { backgroundCases } from './background-cases.ts'
import type { Case } from './case.ts'
import { deathCases } from './death-cases.ts'
import { endingCases } from './ending-cases.ts'
import { nestedCases } from './nested-cases.ts'
import { outputCases } from './output-cases.ts'
import { shellCases } from './shell-cases.ts'
import { syntaxCases } from './syntax-cases.ts'

/** What a terminal must stand: whatever a student types, it says how the command ended and takes the next one. */
export const terminalCases: readonly Case[] = [
  ...shellCases,
  ...syntaxCases,
  ...outputCases,
  ...endingCases,
  ...nestedCases,
  ...backgroundCases,
  ...deathCases,
]
