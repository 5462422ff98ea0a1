/** An IPv4 network as numbers: `10.16.0.0/12` is the base 168820736 and the prefix 12. */
export interface Subnet {
  readonly base: number
  readonly prefix: number
}

/** `10.16.0.0/12`, whose bits behind the prefix must be zero; undefined if it is something else. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, a, b, c, d, prefix] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text) ?? []
  const bytes = [a, b, c, d].map(Number)
  if (a === undefined || bytes.some((byte) => byte > 255) || Number(prefix) > 32) return undefined
  const base = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  const subnet = { base, prefix: Number(prefix) }
  return base % sizeOf(subnet) === 0 ? subnet : undefined
}

/** How many addresses it has, its own and the broadcast address among them. */
export function sizeOf({ prefix }: Pick<Subnet, 'prefix'>): number {
  return 2 ** (32 - prefix)
}

export function formatSubnet({ base, prefix }: Subnet): string {
  return `${formatAddress(base)}/${prefix}`
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

export function overlaps(one: Subnet, other: Subnet): boolean {
  return one.base < other.base + sizeOf(other) && other.base < one.base + sizeOf(one)
}

/** A part of a subnet by its name: `network`, `1`, `-1`, `prefix` …; undefined if it has none of that name. */
export function partOfSubnet(subnet: Subnet, part: string): string | undefined {
  const { base, prefix } = subnet
  const broadcast = base + sizeOf(subnet) - 1
  if (part === 'network') return formatAddress(base)
  if (part === 'broadcast') return formatAddress(broadcast)
  if (part === 'mask') return formatAddress(2 ** 32 - sizeOf(subnet))
  if (part === 'prefix') return String(prefix)
  if (!/^-?[1-9]\d{0,9}$/.test(part)) return undefined
  const address = Number(part) > 0 ? base + Number(part) : broadcast + Number(part)
  return address > base && address < broadcast ? formatAddress(address) : undefined
}
