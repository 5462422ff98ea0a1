import { readdir, readFile } from 'node:fs/promises'

/** What a lab could leave on the machine that labrun runs on, as sorted lists by kind. */
export type Footprint = Readonly<Record<string, readonly string[]>>

/** Takes down links, named network namespaces, mounts and addresses of this machine. */
export async function footprint(): Promise<Footprint> {
  const [links, namespaces, mounts, routes] = await Promise.all([
    readdir('/sys/class/net').catch(() => []),
    readdir('/run/netns').catch(() => []),
    lines('/proc/self/mounts'),
    lines('/proc/net/route'),
  ])
  return {
    link: links.toSorted(),
    'network namespace': namespaces.toSorted(),
    mount: mounts,
    route: routes.map(withoutCounters),
  }
}

/** What is there now and was not there before. */
export function whatIsLeft(before: Footprint, after: Footprint): string[] {
  return Object.entries(after).flatMap(([kind, now]) =>
    now.filter((one) => !before[kind]?.includes(one)).map((one) => `${kind} ${one}`),
  )
}

async function lines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).toSorted()
}

/** Interface, destination, gateway and mask; not the counters that change by themselves. */
function withoutCounters(route: string): string {
  const [device, destination, gateway, , , , , mask] = route.split(/\s+/)
  return [device, destination, gateway, mask].join(' ')
}
