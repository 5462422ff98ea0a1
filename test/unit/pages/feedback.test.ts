import { describe, expect, it } from 'vitest'
import { feedbackPage } from '../../../src/pages/feedback.ts'
import type { Status } from '../../../src/run/results.ts'
import { gradedOf, itemOf, NETWORK, stepOf } from '../../support/graded.ts'
import { bareMarkup, HOSTILE, hostileGraded } from '../../support/hostile-graded.ts'

describe('what a student sees', () => {
  const page = feedbackPage(
    gradedOf({ leads: [{ kind: 'values', reason: 'LEAD-REASON', others: ['LEAD-OTHER'] }] }),
    'student',
  )

  it('has the points, and for what failed the expected, the seen, the reason and the evidence', () => {
    expect(page).toContain('6.4 <small>of 10 points</small>')
    expect(page).toContain('<dt>Expected</dt><dd>a reply</dd>')
    expect(page).toContain('<dt>Seen</dt><dd>1 sent, no reply</dd>')
    expect(page).toContain('The container reaches the internet by way of the host.')
    expect(page).toContain('<strong>the packet leaves the host through ens33')
    expect(page).toContain('# ip netns exec net1 ping -n -c 1 -W 0.5 203.0.113.10\nPING 203.0.113.10')
  })

  it('leads to the first failure', () => {
    expect(page).toMatch(/Look here first:<\/strong> <a href="#step-2">A way out<\/a>,\s+<em>iptables: nat POSTROUTING/)
  })

  it('says nothing of hidden checks but that they are there, and nothing of leads', () => {
    expect(page.match(/A further check/g)).toHaveLength(2)
    expect(page).not.toMatch(/HIDDEN-|cheat-4711|LEAD-|link: net2\/eth0, state: up|hidden from students/)
  })

  it('says what was judged on the reference state, why, and what it counts', () => {
    expect(page).toMatch(/Step <em>A way out<\/em> before it had failed/)
    expect(page).toContain('What passed counts 80 %.')
  })

  it('shows what was typed, with its exit status and output', () => {
    expect(page).toContain('What you typed: 5 commands, 2 with an error')
    expect(page).toContain('>exit 2<')
    expect(page).toContain('>did not end<')
    expect(page).toContain('RTNETLINK answers: File exists')
    expect(page).toContain('in terminal client')
  })

  it('has the folders of the instructor’s machine nowhere', () => {
    expect(page).not.toContain('/srv/inbox')
  })

  it('is the same each time', () => {
    expect(feedbackPage(gradedOf(), 'student')).toBe(feedbackPage(gradedOf(), 'student'))
  })
})

it('staff see hidden checks, leads, and why it could not be graded', () => {
  const leads = [{ kind: 'values', reason: 'LEAD-REASON', others: ['LEAD-OTHER'] }]
  const page = feedbackPage(gradedOf({ leads, status: 'needs-staff', points: null, reason: 'OUR-REASON' }), 'staff')
  for (const text of [
    'HIDDEN-ACTUAL',
    'HIDDEN-COMMAND',
    'LEAD-REASON',
    'LEAD-OTHER',
    'OUR-REASON',
    'hidden from students',
  ])
    expect(page).toContain(text)
})

describe('what is no result', () => {
  it('refused: the reason, and that it is not zero points', () => {
    const page = feedbackPage(
      gradedOf({ status: 'refused', reason: 'The zip is broken.', points: null, steps: [], network: null }),
      'student',
    )
    expect(page).toContain('Not accepted')
    expect(page).toContain('The zip is broken.')
    expect(page).toContain('not the same as zero points')
    expect(page).not.toMatch(/of 10 points|fresh world/)
  })

  it('needs staff: no points, and the student does not read the reason, which is about the grader', () => {
    const page = feedbackPage(gradedOf({ status: 'needs-staff', reason: 'OUR-REASON', points: null }), 'student')
    expect(page).toContain('No points yet')
    expect(page).toContain('A person has to look at this.')
    expect(page).not.toMatch(/OUR-REASON|of 10 points/)
  })
})

describe.each<[Status, string]>([
  ['passed', '✓ passed'],
  ['failed', '✗ failed'],
  ['blocked', '⊘ blocked'],
  ['error', '! not judged'],
  ['skipped', '– not reached'],
])('a check that is %s', (status, words) => {
  it('is told in a word and a sign, not by a colour alone', () => {
    const page = feedbackPage(gradedOf({ steps: [stepOf(status, [itemOf({ status, actual: '' })])] }), 'student')
    expect(page).toContain(`<li class="${status}">`)
    // In the summary, at the step, and at the check.
    expect(page.split(words)).toHaveLength(4)
  })
})

it('points of a hundredth are not lost, and those that nobody knows are a dash', () => {
  const items = [itemOf({ points: 2 / 3 }), itemOf({ key: 'bridge/two', status: 'error', points: null })]
  const page = feedbackPage(gradedOf({ points: 2 / 3, steps: [stepOf('error', items)] }), 'student')
  expect(page).toContain('0.67 of 1<')
  expect(page).toContain('– of 1<')
})

it('a network with very many devices is counted, not drawn', () => {
  const devices = Array.from({ length: 5000 }, (_, index) => ({ ...NETWORK.places[0]!.devices[0]!, name: `d${index}` }))
  const page = feedbackPage(
    gradedOf({ network: { places: [{ ...NETWORK.places[0]!, devices }], cables: [] } }),
    'student',
  )
  expect(page).toContain('5000 devices: too many for a picture')
  expect(page.length).toBeLessThan(200_000)
})

it('very long output is cut', () => {
  const output = `${'x'.repeat(100_000)}\n`.repeat(50)
  const commands = Array.from({ length: 3000 }, () => ({
    terminal: 'main',
    text: 'yes',
    exit: 0,
    output: 'y\n'.repeat(100),
  }))
  const failed = itemOf({
    status: 'failed',
    points: 0,
    evidence: [{ command: 'cat', status: 0, output }],
    actual: output,
  })
  const page = feedbackPage(gradedOf({ steps: [stepOf('failed', [failed], { commands })] }), 'student')
  expect(page.length).toBeLessThan(300_000)
  expect(page).toContain('more lines')
})

describe('whatever students have written', () => {
  it.each(['student', 'staff'] as const)('cannot become markup (page for %s)', (reader) => {
    for (const text of HOSTILE) {
      const page = feedbackPage(hostileGraded(text), reader)
      expectNoMarkupBut(page)
    }
  })
})

/** Only what the page itself is made of: no other tags and attributes, and no characters that move text. */
function expectNoMarkupBut(page: string): void {
  const tags = new Set([...page.matchAll(/<\/?([a-zA-Z][^\s>/]*)/g)].map((match) => match[1]))
  const own = new Set(
    feedbackPage(
      gradedOf({ leads: [{ kind: '', reason: '', others: ['x'] }], limits: ['x'], late: true }),
      'staff',
    ).match(/(?<=<\/?)[a-z][a-z0-9]*/g),
  )
  expect([...tags].filter((tag) => tag !== undefined && !own.has(tag))).toEqual([])
  expect(bareMarkup(page)).not.toMatch(/\son\w+=/i)
  expect(page).not.toMatch(/(?:href|src|style)="(?!#step-\d+"|width: \d+%")/)
  expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  expect(page.match(/Content-Security-Policy/g)).toHaveLength(1)
  expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; base-uri`)
}
