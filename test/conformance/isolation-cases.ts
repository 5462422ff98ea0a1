import type { Case } from './case.ts'
export const isolationCases: readonly Case[] = []
