import type { WorldSpec } from '../lab/lab.ts'

/** The file /etc/hosts of a world: names are looked up nowhere else. */
export function hostsFile({ lan }: WorldSpec): string {
  const lines = ['127.0.0.1 localhost', '127.0.1.1 host', '::1 localhost ip6-localhost']
  if (lan) lines.push(`${lan.gateway} gateway`, `${lan.client} client`, '203.0.113.10 server www.example.com')
  return `${lines.join('\n')}\n`
}
