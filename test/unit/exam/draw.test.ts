import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { DrawError, drawValues, practiceValues } from '../../../src/exam/draw.ts'
import { countOfExtremes, extremeValues } from '../../../src/exam/extremes.ts'
import { canaryOf, pseudonymOf } from '../../../src/exam/key.ts'
import { whyNotValues } from '../../../src/lab/fill.ts'
import { overlaps, parseSubnet } from '../../../src/lab/subnet.ts'
import { paramsOf } from '../../support/params.ts'

/** Made by another implementation, from the description in the author's guide. They must never change. */
const vectors = JSON.parse(readFileSync(new URL('../../fixtures/draw.json', import.meta.url), 'utf8')) as {
  readonly params: Readonly<Record<string, unknown>>
  readonly draws: readonly { secret: string; lab: string; pseudonym: string; values: Record<string, string> }[]
  readonly pseudonyms: readonly {
    secret: string
    id: string
    pseudonym: string
    canary: { lab: string; text: string }
  }[]
}
const params = paramsOf(stringify(vectors.params))

describe('the drawing is frozen', () => {
  it.each(vectors.draws)('$pseudonym in $lab', ({ secret, lab, pseudonym, values }) => {
    expect(drawValues(params, { secret: Buffer.from(secret, 'hex'), lab, pseudonym })).toEqual(values)
  })

  it.each(vectors.pseudonyms)('$id is $pseudonym', ({ secret, id, pseudonym, canary }) => {
    const key = { secret: Buffer.from(secret, 'hex') }
    expect(pseudonymOf(key, id)).toBe(pseudonym)
    expect(canaryOf(key, canary.lab, pseudonym)).toBe(canary.text)
  })

  it('practice values are those of `anyone` under a secret of zeros', () => {
    expect(practiceValues(params, 'bridge')).toEqual(vectors.draws[0]!.values)
    expect(practiceValues(params, 'bridge', 'somebody')).toEqual(vectors.draws[1]!.values)
  })
})

describe('drawn values', () => {
  it('are possible, and their subnets are apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (lab, pseudonym) => {
        const values = practiceValues(params, lab, pseudonym)
        expect(whyNotValues(params, values)).toBeUndefined()
        const [lan, dmz, third] = ['lan', 'dmz', 'third'].map((name) => parseSubnet(values[name]!)!)
        expect([overlaps(lan!, dmz!), overlaps(lan!, third!), overlaps(dmz!, third!)]).toEqual([false, false, false])
      }),
    )
  })

  it('do not depend on the other params, apart from subnets', () => {
    const alone = paramsOf('port: {int: "8000..65000", not: [8080, 8888]}')
    expect(practiceValues(alone, 'bridge').port).toBe(vectors.draws[0]!.values.port)
  })

  it('reach every value of a range', () => {
    const small = paramsOf('n: {int: "1..6", not: [3]}')
    const seen = new Set(Array.from({ length: 200 }, (_, index) => practiceValues(small, 'dice', String(index)).n))
    expect([...seen].toSorted()).toEqual(['1', '2', '4', '5', '6'])
  })

  it('end with an error that names the param where there is no room', () => {
    const crowded = new Map([
      ['one', { kind: 'subnet', within: parseSubnet('10.0.0.0/24')!, prefix: 24, hidden: false }],
      ['two', { kind: 'subnet', within: parseSubnet('10.0.0.0/24')!, prefix: 25, hidden: false }],
    ] as const)
    expect(() => practiceValues(crowded, 'x')).toThrow(DrawError)
    expect(() => practiceValues(crowded, 'x')).toThrow('the param two found no subnet that is free')
  })
})

describe('extremes', () => {
  const all = Array.from({ length: countOfExtremes(params) }, (_, index) => extremeValues(params, index))

  it('have both ends of each range, and all of each list', () => {
    const seen = (name: string) => new Set(all.map((values) => values[name]))
    expect(seen('port')).toEqual(new Set(['8000', '65000']))
    expect(seen('lan')).toEqual(new Set(['10.16.0.0/24', '10.31.255.0/24']))
    expect(seen('mtu')).toEqual(new Set(['1400', '1450', '1480']))
    expect(seen('fault')).toEqual(new Set(['a b c', 'd e f']))
  })

  it('are possible, and their subnets are apart', () => {
    for (const values of all) expect(whyNotValues(params, values)).toBeUndefined()
    expect(all[0]).toMatchObject({ lan: '10.16.0.0/24', dmz: '10.20.0.0/14', third: '10.24.0.0/14' })
  })

  it('are none where nothing differs', () => {
    expect(countOfExtremes(new Map())).toBe(0)
    expect(countOfExtremes(paramsOf('one: {int: "7..7"}'))).toBe(1)
  })
})
