import type { Case } from './case.ts'
export const lanCases: readonly Case[] = []
