import type { Case } from './case.ts'
export const probeCases: readonly Case[] = []
