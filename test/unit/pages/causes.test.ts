import { expect, it } from 'vitest'
import { Causes, causeOf } from '../../../src/pages/causes.ts'
import { itemOf } from '../../support/graded.ts'

it.each([
  ['no route to 10.20.7.2 from 10.31.0.0/24', 'no route to <ip> from <subnet>'],
  ["there is no network namespace 'boris' (there are none)", 'there is no network namespace <name> (there are none)'],
  ['br-red has 10.1.2.0/24, fe80::60bb:7cff:fe63:b691/64', 'br-red has <subnet>, <ip6>'],
  ['its address is be:d3:db:25:f3:ea', 'its address is <mac>'],
  ['nobody listens on port 8431, after 1 try', 'nobody listens on port <num>, after 1 try'],
  ['veth2 and eth10 are down\nsee: ip link', 'veth2 and eth10 are down'],
  ['', 'nothing was seen'],
])('of "%s" the cause is "%s"', (actual, cause) => {
  expect(causeOf(itemOf({ actual }))).toBe(cause)
})

it('the diagnosis says more than what was seen', () => {
  expect(causeOf(itemOf({ actual: 'no reply', diagnosis: 'eth0 is down' }))).toBe('eth0 is down')
})

it('answers to questions stay as they were given', () => {
  expect(causeOf(itemOf({ kind: 'question', actual: '10.1.2.3' }))).toBe('the answer: 10.1.2.3')
  expect(causeOf(itemOf({ kind: 'question', actual: 'no answer' }))).toBe('no answer')
})

it('counts a student once for each cause, and where it was', () => {
  const causes = new Causes()
  const [one, two] = [itemOf({ key: 'a/1', actual: 'x is down' }), itemOf({ key: 'a/2', actual: 'x is down' })]
  causes.add([one, two])
  causes.add([two])
  causes.add([])
  expect(causes.top(5)).toEqual([
    { text: 'x is down', students: 2, items: new Map(Object.entries({ 'a/1': 1, 'a/2': 2 })) },
  ])
  expect(causes.atLeast).toBe(false)
})
