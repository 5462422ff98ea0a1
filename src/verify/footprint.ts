import { type Machine, outputOf } from '../machine/machine.ts'

/** What a lab could leave on the machine where its world was, as sorted lists by kind. */
export type Footprint = Readonly<Record<string, readonly string[]>>

/** Takes down links, named network namespaces, mounts and routes of a machine. Rejects where it cannot look. */
export async function footprint(machine: Machine): Promise<Footprint> {
  const [links = [], namespaces = [], mounts = [], routes = []] = (await outputOf(machine, ['sh', '-c', LOOK]))
    .split('\0')
    .map((part) => part.split('\n').filter(Boolean).toSorted())
  return { link: links, 'network namespace': namespaces, mount: mounts, route: routes.map(withoutCounters) }
}

const LOOK = `for look in 'ls /sys/class/net' 'ls /run/netns' 'cat /proc/self/mounts' 'cat /proc/net/route'; do
  $look 2>/dev/null; printf '\\0'
done`

/** What is there now and was not there before. */
export function whatIsLeft(before: Footprint, after: Footprint): string[] {
  return Object.entries(after).flatMap(([kind, now]) =>
    now.filter((one) => !before[kind]?.includes(one)).map((one) => `${kind} ${one}`),
  )
}

/** Interface, destination, gateway and mask; not the counters that change by themselves. */
function withoutCounters(route: string): string {
  const [device, destination, gateway, , , , , mask] = route.split(/\s+/)
  return [device, destination, gateway, mask].join(' ')
}
