/** An IPv4 address as a number; undefined for anything else. */
export function toNumber(address: string): number | undefined {
  const parts = address.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256))
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined
  return parts.reduce((sum, part) => sum * 256 + part, 0)
}

/** Whether an address lies in a network such as `10.0.0.0/8`; one without a length is one address. */
export function isIn(address: string, network: string): boolean {
  const [base = '', length = '32'] = network.split('/')
  const [one, other] = [toNumber(address), toNumber(base)]
  if (one === undefined || other === undefined) return false
  const size = 2 ** (32 - Number(length))
  return Math.floor(one / size) === Math.floor(other / size)
}

/** The address of a number. */
export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

/** The network of an address with its prefix length: `10.0.0.1/24` is in `10.0.0.0/24`. */
export function networkOf(address: string): string {
  const [base = '', length = '32'] = address.split('/')
  const size = 2 ** (32 - Number(length))
  return `${toAddress(Math.floor((toNumber(base) ?? 0) / size) * size)}/${length}`
}
