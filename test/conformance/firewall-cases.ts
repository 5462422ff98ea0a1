import type { Case } from './case.ts'
export const firewallCases: readonly Case[] = []
