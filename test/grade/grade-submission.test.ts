import { describe, expect, test } from 'vitest'
import { needsAgain } from '../../src/grade/grade-job.ts'
import { NoWorld } from '../../src/grade/grade-submission.ts'
import { fence, frontMatter, oneStep } from '../support/lab-text.ts'
import { replayed, SOLUTION, workOf } from './replay.ts'

// Several worlds in one test, on a machine of which nobody knows how busy it is.
const PATIENCE = 300_000

describe('a submission is replayed', { timeout: PATIENCE }, () => {
  test('all right: all points, hidden checks among them', async () => {
    const { points, trouble, step, network } = await replayed(workOf(SOLUTION, ' 254 '))
    expect(trouble).toBeNull()
    expect(points).toEqual({ rooms: 4, cable: 4, 'one-way': 2 })
    expect(step('rooms').items.map(({ key, points: given, hidden }) => [key, given, hidden])).toEqual([
      ['rooms/red', 1, false],
      ['rooms/netns-2', 3, false],
      ['rooms/netns-3', 0, true],
    ])
    expect(step('cable').commands.map(({ text, exit }) => [text, exit])).toEqual(SOLUTION.cable.map((one) => [one, 0]))
    expect(network?.places.map(({ name }) => name)).toEqual(['host', 'blue', 'red'])
    expect(step('cable').carried).toBe(false)
  })

  test('nothing done: no points, and the solution was never run', async () => {
    const { points, statuses, step } = await replayed(workOf({}))
    expect(points).toEqual({ rooms: 0, cable: 0, 'one-way': 0 })
    expect(statuses('rooms')).toEqual(['failed', 'failed', 'passed'])
    expect(statuses('cable')).toEqual(['blocked', 'blocked', 'blocked'])
    expect(step('rooms').commands).toEqual([])
  })

  test('a step that an earlier failure blocks is judged on the reference state, with the factor', async () => {
    const { points, step, statuses } = await replayed(
      workOf({ rooms: ['ip netns add red'], cable: SOLUTION.cable, 'one-way': SOLUTION['one-way'] }, '254'),
    )
    expect(points.rooms).toBe(1)
    expect(step('cable').carried).toBe(true)
    expect(statuses('cable')).toEqual(['passed', 'passed', 'passed'])
    // The answer has nothing to do with the state.
    expect(points.cable).toBeCloseTo(3 * 0.8 + 1)
    expect(step('one-way').carried).toBe(true)
    expect(points['one-way']).toBeCloseTo(1.6)
    expect(step('cable').commands.map(({ text }) => text)).toEqual(SOLUTION.cable)
  })

  test('a guard that holds on the reference state by itself pays only beside something that was done', async () => {
    const text = [
      frontMatter(),
      '## One',
      '<!-- step: one points: 4 -->',
      fence('sh solution', 'ip netns add red'),
      fence('yaml check', '- netns: red'),
      '## Two',
      '<!-- step: two needs: one points: 4 -->',
      fence('sh solution', 'ip netns add blue'),
      fence('yaml check', '- netns: blue', '- netns: red', '  holds: before', '  points: 2'),
      fence('yaml question', 'ask: Two and two?', 'answer: 4', 'points: 1'),
    ].join('\n')
    // As in the lesson.
    const answers = [{ line: 1, ask: 'Two and two?', text: 'Four.' }]
    const graded = async (...commands: readonly string[]) => {
      const [step] = workOf({ two: commands }).steps
      return await replayed({ steps: [{ ...step!, answers }] }, text)
    }
    const idle = await graded('true')
    expect(idle.statuses('two')).toEqual(['failed', 'blocked', 'passed'])
    expect(idle.points).toEqual({ one: 0, two: 1 })
    const busy = await graded('ip netns add blue')
    expect(busy.statuses('two')).toEqual(['passed', 'passed', 'passed'])
    expect(busy.points.two).toBeCloseTo(3 * 0.8 + 1)
  })

  test('a step that does not need the failed one keeps all it has earned', async () => {
    const { points, step } = await replayed(workOf({ rooms: ['ip netns add blue'], 'one-way': SOLUTION['one-way'] }))
    expect(points).toEqual({ rooms: 3, cable: 0, 'one-way': 2 })
    expect(step('one-way').carried).toBe(false)
  })

  test('a failed check brings evidence and the diagnosis', async () => {
    const { step } = await replayed(workOf({ ...SOLUTION, cable: SOLUTION.cable.slice(0, 2) }))
    const [ping] = step('cable').items
    expect(ping).toMatchObject({ status: 'failed', points: 0, max: 2, why: expect.stringContaining('Both ends') })
    expect(ping!.diagnosis).toMatch(/down/)
    expect(ping!.evidence[0]!.command).toContain('ip netns exec red ping')
  })

  test('commands that fail, hang or end the shell are the student’s, and cost nothing by themselves', async () => {
    const rooms = ['no-such-command', 'exit 3', 'false', ...SOLUTION.rooms]
    const { points, step } = await replayed(workOf({ ...SOLUTION, rooms }))
    expect(points.rooms).toBe(4)
    expect(step('rooms').commands.map(({ exit }) => exit)).toEqual([127, 3, 1, 0, 0])
  })

  test('what is still at work when the commands have ended is waited for: a slow machine costs no points', async () => {
    const text = [
      frontMatter(),
      '## One',
      '<!-- step: one points: 4 -->',
      fence('sh solution', 'ip netns add red'),
      fence('yaml check', '- netns: red', '- netns: blue', '  absent: true'),
    ].join('\n')
    // More than the two seconds for which the check looks.
    const busy = 'perl -e "my \\$end = time + 5; 1 while time < \\$end"'
    const { points } = await replayed(workOf({ one: [`(${busy}; ip netns add red) &`] }), text)
    expect(points.one).toBe(4)
  })

  test('a world that the commands destroy is not zero points', async () => {
    const { trouble, points } = await replayed(workOf({ rooms: ['kill -KILL -1; reboot -f'] }))
    expect(trouble).toMatch(/world has died/)
    expect(points.rooms).toBeNull()
  })

  test('what a program could not find out is an error, not a failure', async () => {
    const text = oneStep(
      fence('sh setup', 'true'),
      fence('sh solution', 'true'),
      fence('yaml check', '- run: kill -KILL $$', '- run: "true"'),
    )
    const { statuses, points } = await replayed({ steps: [] }, text)
    expect(statuses('it')).toEqual(['error', 'passed'])
    expect(points.it).toBeNull()
  })

  test('what needs an error is not known either, however little the error is worth by itself', async () => {
    const step = (id: string, directive: string, ...checks: readonly string[]) =>
      [
        `## ${id}`,
        `<!-- step: ${id}${directive} -->`,
        fence('sh solution', 'true'),
        fence('yaml check', ...checks),
      ].join('\n')
    const unknown = ['- run: kill -KILL $$', '  holds: before', '  id: guard']
    const text = [
      frontMatter(),
      step('one', '', '- run: "true"', '  holds: before', '  points: 1', ...unknown),
      step('two', ' needs: one', '- run: "true"', '  holds: before', '  points: 1'),
      step('three', ' needs: two', '- run: "true"', '  holds: before', '  points: 1'),
      step('four', '', '- run: "true"', '  holds: before', '  needs: [guard]', '  points: 1'),
      step('five', '', '- run: "false"', '  id: wrong', '- run: "true"', '  holds: before', '  needs: [guard, wrong]'),
    ].join('\n')
    const attempt = await replayed(workOf({ one: ['true'], two: ['true'] }), text)
    expect(attempt.statuses('one')).toEqual(['passed', 'error'])
    expect(['two', 'three', 'four'].flatMap(attempt.statuses)).toEqual(['error', 'error', 'error'])
    expect(attempt.points).toMatchObject({ one: 1, two: null, three: null, four: null })
    // Whatever the guard says, this was wrong.
    expect(attempt.statuses('five')).toEqual(['failed', 'blocked'])
    expect(needsAgain(attempt)).toBe(true)
  })

  test('that a namespace or a device is not there is known: it is a failure', async () => {
    const text = oneStep(
      fence('sh solution', 'ip netns add n', 'ip -n n link add d0 type dummy'),
      fence(
        'yaml check',
        '- route: 10.0.0.0/8',
        '  in: n',
        '- capture: d0',
        '  during: "true"',
        '  count: 0',
        '- sysctl: net.ipv4.conf.d0.forwarding',
        '  is: 1',
        '- ping: n -> 10.0.0.1',
        '  expect: no-reply',
        '- mirror: lo = d0',
      ),
    )
    const { statuses, points } = await replayed({ steps: [] }, text)
    expect(statuses('it')).toEqual(['failed', 'failed', 'failed', 'failed', 'failed'])
    expect(points.it).toBe(0)
  })

  test('no world at all is told of the place, not of the submission', async () => {
    const work = workOf({})
    const wanted = oneStep(fence('sh', 'true'), fence('yaml check', '- run: "true"')).replace(
      'labrun: 1',
      'labrun: 1\ntools: [no-such-tool]',
    )
    await expect(replayed(work, wanted)).rejects.toBeInstanceOf(NoWorld)
  })
})

describe('what the lab shows', { timeout: PATIENCE }, () => {
  const text = oneStep(
    fence('sh', 'touch /root/a', 'touch /root/b'),
    fence('yaml check', '- run: test -e /root/a', '- run: test -e /root/x'),
    fence('sh', 'touch /root/c'),
    fence('yaml check', '- run: test -e /root/c', '- run: test -e /root/y'),
  )

  test('is run where the student ran it, and what was typed beside it at its place', async () => {
    const typed = ['touch /root/a', 'touch /root/x', 'touch /root/c', 'touch /root/y']
    const { statuses, step } = await replayed(workOf({ it: typed }), text)
    expect(statuses('it')).toEqual(['passed', 'passed', 'passed', 'passed'])
    expect(step('it').commands.map((one) => one.text)).toEqual(typed)
  })

  test('is left out where the student left it out', async () => {
    const { statuses } = await replayed(workOf({ it: ['touch /root/b'] }), text)
    expect(statuses('it')).toEqual(['failed', 'failed', 'failed', 'failed'])
  })

  test('what the student typed in its place is watched like it', async () => {
    const ping = (count: number) => `ping -q -c ${count} -i 0.2 127.0.0.1`
    const setup = fence('sh setup', 'iptables -A INPUT -p icmp --icmp-type echo-request -j ACCEPT')
    const rule = '- iptables: filter INPUT -p icmp --icmp-type echo-request -j ACCEPT'
    const watched = oneStep(setup, fence('sh', ping(2)), fence('yaml check', rule, '  packets: "+2"'))
    const graded = async (...typed: readonly string[]) =>
      (await replayed(workOf({ it: typed }), watched)).statuses('it')
    expect(await graded(ping(1), 'true', ping(1))).toEqual(['passed'])
    expect(await graded(ping(1))).toEqual(['failed'])
  })

  test('a solution in the background is not started for the student', async () => {
    const server = "perl -MIO::Socket -e '$s = IO::Socket::INET->new(LocalPort => 81, Listen => 1); sleep 60'"
    const task = oneStep(
      fence('sh solution background until=lab ready=81/tcp', server),
      fence('yaml check', '- listen: host:81/tcp', '  within: 20s'),
    )
    expect((await replayed(workOf({}), task.replace('within: 20s', 'within: 0s'))).statuses('it')).toEqual(['failed'])
    expect((await replayed(workOf({ it: [`${server} &`] }), task)).statuses('it')).toEqual(['passed'])
  })

  test('beside a block that labrun starts in the background, what was typed is typed after it', async () => {
    const server = fence('sh background until=lab', 'sleep 1; touch /root/up; sleep 60')
    const checks = fence('yaml check', '- run: test -e /root/x')
    const typed = ['for n in $(seq 100)\ndo sleep 0.1; test -e /root/up && touch /root/x && break\ndone']
    for (const parts of [
      [server, checks],
      [fence('sh', 'true'), server, checks],
      [server, checks, fence('sh', 'true')],
    ]) {
      const { statuses, step } = await replayed(workOf({ it: typed }), oneStep(...parts))
      expect(statuses('it')).toEqual(['passed'])
      expect(step('it').commands.map(({ text }) => text)).toContain(typed[0])
    }
  })

  test('after a shown block a check still watches what is typed for the task', async () => {
    for (const shown of [fence('sh', 'true'), fence('sh background until=lab', 'sleep 60')]) {
      const task = oneStep(
        fence('sh setup', 'iptables -A OUTPUT -p icmp'),
        shown,
        fence('sh solution', 'ping -c 1 127.0.0.1'),
        fence('yaml check', '- iptables: filter OUTPUT -p icmp', '  packets: ">= 1"'),
      )
      expect((await replayed(workOf({ it: ['true', 'ping -c 1 127.0.0.1'] }), task)).statuses('it')).toEqual(['passed'])
    }
  })

  test('a check that watches a solution watches what is typed instead', async () => {
    const task = oneStep(
      fence('sh setup', 'iptables -A OUTPUT -p icmp'),
      fence('sh solution', 'ping -c 1 127.0.0.1'),
      fence('yaml check', '- iptables: filter OUTPUT -p icmp', '  packets: ">= 1"'),
    )
    expect((await replayed(workOf({ it: ['ping -c 1 127.0.0.1'] }), task)).statuses('it')).toEqual(['passed'])
    expect((await replayed(workOf({ it: ['true'] }), task)).statuses('it')).toEqual(['failed'])
  })

  test('nothing is typed on a machine where the lab has nothing to type, and that is said', async () => {
    const task = [
      frontMatter('world: lan').trimEnd(),
      '## It',
      fence('sh solution terminal=client', 'touch /tmp/client'),
      fence('yaml check', '- run: test -e /tmp/client', '- run: test -e /tmp/gateway', '- run: test -e /tmp/server'),
    ].join('\n')
    const work = workOf({ it: ['touch /tmp/client', 'touch /tmp/gateway', 'touch /tmp/server'] })
    const terminals = ['client-2', 'gateway', 'server-17']
    const commands = work.steps[0]!.commands.map((command, at) => ({ ...command, terminal: terminals[at]! }))
    const forged = { steps: [{ ...work.steps[0]!, commands }] }
    const { step, statuses } = await replayed(forged, task)
    expect(statuses('it')).toEqual(['passed', 'failed', 'failed'])
    expect(step('it').commands.map(({ exit, output }) => [exit, output])).toEqual([
      [0, ''],
      [null, 'not typed: in this lab nothing is typed on the machine gateway'],
      [null, 'not typed: in this lab nothing is typed on the machine server'],
    ])
  })
})
