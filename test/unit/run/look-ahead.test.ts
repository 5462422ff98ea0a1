import { describe, expect, it } from 'vitest'
import { localMachine } from '../../../src/machine/local.ts'
import { World } from '../../../src/world/world.ts'
import { fence, oneStep } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

const LINKS = 'ip -j -d link show'

/** Runs the block and the checks in a real world; also what checks have asked there, in its order. */
async function look(block: readonly string[], ...specs: readonly object[]) {
  const asked: string[] = []
  const openWorld = async () => {
    const world = await World.open(localMachine, { lan: undefined })
    return new Proxy(world, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return (...words: unknown[]) => {
          if (key === 'probe') asked.push((words[1] as string[]).join(' '))
          return Reflect.apply(value, target, words) as unknown
        }
      },
    })
  }
  const text = oneStep(fence('sh', ...block), fence('yaml check', ...specs.map((spec) => `- ${JSON.stringify(spec)}`)))
  const ran = await runText(text, { openWorld })
  return { ...ran, asked, links: asked.filter((one) => one === LINKS).length }
}

describe('checks one below the other that only look', () => {
  const made = ['ip link add one type bridge', 'ip link add two type bridge', 'ip link add br1 type bridge']

  it('are asked together, and what several ask is asked once', async () => {
    const { checks, links } = await look(made, { link: 'one' }, { link: 'two' }, { link: 'three', absent: true })
    expect(checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed'])
    expect(checks.map(({ evidence }) => evidence[0]?.command)).toEqual([LINKS, LINKS, LINKS])
    expect(links).toBe(1)
  })

  it('are asked again after one that sends or runs a command', async () => {
    for (const between of [{ ping: 'host -> 127.0.0.1' }, { run: 'ip link add late type bridge' }]) {
      const specs = [{ link: 'one' }, { link: 'two' }, between, { link: 'one' }, { link: 'two' }]
      const { links, checks } = await look(['ip link set lo up', ...made], ...specs)
      expect(checks.every(({ status }) => status === 'passed')).toBe(true)
      expect(links).toBe(2)
    }
  })

  it('are seen after one that had to be waited for, as what they ask may be gone by then', async () => {
    const block = [
      ...made,
      'ip link add v1 type veth peer name v2',
      '(sleep 0.4; ip link del two; ip link set v1 up; ip link set v2 up) &',
    ]
    const { checks } = await look(block, { link: 'v1', state: 'up' }, { link: 'two' }, { link: 'one' })
    expect(checks.map(({ status }) => status)).toEqual(['passed', 'failed', 'passed'])
  })

  it('say why they do not hold as if each were alone', async () => {
    const { checks } = await look(made, { link: 'one', mtu: 900, within: '200ms' }, { link: 'two', master: 'br0' })
    expect(checks[0]).toMatchObject({ status: 'failed', actual: 'mtu is 1500' })
    expect(checks[0]!.tries).toBeGreaterThan(1)
    expect(checks[1]).toMatchObject({ status: 'failed', actual: 'master is none' })
  })

  it('with a value of one above it are looked at when that is known', async () => {
    const named = { run: 'echo 1', output: '<number:int>' }
    const { checks } = await look(made, { link: 'one' }, named, { link: 'br{{number}}', absent: true }, { link: 'one' })
    expect(checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed', 'passed'])
  })
})
