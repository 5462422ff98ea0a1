import type { Lab } from '../lab/lab.ts'
import { worst } from '../run/results.ts'
import type { Doubt } from './messages.ts'
import { inOrder, type Verification } from './verify-lab.ts'

/** A lab as one student has it. */
export interface Variant {
  /** As `labrun run --student` takes it. */
  readonly student: string
  readonly lab: Lab
}

/** Proves a lab with the values of each student, one after the other, until it is stopped. */
export async function verifyForAll(
  variants: readonly [Variant, ...Variant[]],
  prove: (lab: Lab) => Promise<Verification>,
  signal: AbortSignal,
): Promise<Verification> {
  const proofs: Proof[] = []
  for (const variant of variants) {
    if (proofs.length === 0 || !signal.aborted) proofs.push({ ...variant, verification: await prove(variant.lab) })
  }
  return variants.length === 1 ? proofs[0]!.verification : forAll(proofs)
}

interface Proof extends Variant {
  readonly verification: Verification
}

/** What is shown is the run of the first student for whom it went wrong. */
function forAll(proofs: readonly Proof[]): Verification {
  const status = worst(proofs.map(({ verification }) => verification.status))
  const worstRun = worst(proofs.map(({ verification }) => verification.run.status))
  const shown = proofs.find(({ verification }) => verification.run.status === worstRun)!
  const sum = (part: 'duration') => proofs.reduce((total, { verification }) => total + verification[part], 0)
  return {
    ...shown.verification,
    status,
    proven: Math.min(...proofs.map(({ verification }) => verification.proven)),
    guards: Math.min(...proofs.map(({ verification }) => verification.guards)),
    students: proofs.length,
    // What fails for everybody has nothing to do with the values.
    student: proofs.every(({ verification }) => verification.run.status === worstRun) ? null : nameOf(shown),
    doubts: inOrder(doubtsOf(proofs)),
    duration: sum('duration'),
  }
}

/** Each doubt once, with those for whom it was found. */
function doubtsOf(proofs: readonly Proof[]): Doubt[] {
  const found = new Map<string, { readonly doubt: Doubt; readonly proofs: Proof[] }>()
  for (const proof of proofs) {
    for (const doubt of proof.verification.doubts) {
      const key = `${doubt.code} ${doubt.line}:${doubt.column}`
      const known = found.get(key) ?? { doubt, proofs: [] }
      known.proofs.push(proof)
      found.set(key, known)
    }
  }
  return [...found.values()].map(({ doubt, proofs: some }) => {
    if (some.length === proofs.length) return doubt
    const names = some.slice(0, MOST_NAMED).map(nameOf).join(', ')
    const more = some.length > MOST_NAMED ? ` and ${some.length - MOST_NAMED} more` : ''
    return { ...doubt, what: `${doubt.what} (only for ${some.length} of ${proofs.length} students: ${names}${more})` }
  })
}

const MOST_NAMED = 3

/** `anyone [port 8000, mtu 1400]` */
function nameOf({ student, lab }: Variant): string {
  const values = Object.entries(lab.values).map(([name, value]) => `${name} ${value}`)
  return `${student} [${values.join(', ')}]`
}
