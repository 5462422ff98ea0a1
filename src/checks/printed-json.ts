import { ProbeError } from '../world/probes.ts'

/**
 * What a program of iproute2 printed as JSON. Names of devices may hold control characters, which it prints as they are.
 * Throws ProbeError where it is no JSON all the same.
 */
export function printedJson(text: string, program: string): unknown {
  try {
    return JSON.parse(
      text.replace(/[^\P{Cc}\t\n\r\u007f-\u009f]/gu, (character) => JSON.stringify(character).slice(1, -1)),
    )
  } catch {
    throw new ProbeError('trouble', `${program} did not print JSON: is iproute2 5.0 or later installed?`)
  }
}
