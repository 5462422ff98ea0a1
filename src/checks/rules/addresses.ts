/**
 * An IPv4 network as `10.0.0.0/8`: without host bits, with its mask as a length where it has one. Anything else, such
 * as a name, in lower case. Undefined: any address.
 */
export function network(word: string): string | undefined {
  const [address = '', mask = '32'] = word.split('/')
  const number = completed(address)
  const bits = /^\d+$/.test(mask) ? ofLength(Number(mask)) : completed(mask)
  if (number === undefined || bits === undefined) return word.toLowerCase()
  if (bits === 0) return undefined
  const length = [...bits.toString(2).padStart(32, '0')].filter((bit) => bit === '1').length
  return `${dotted((number & bits) >>> 0)}/${ofLength(length) === bits ? length : dotted(bits)}`
}

/** A MAC address as `0a:00:00:00:00:01`, with its mask if it has one that counts. */
export function mac(word: string): string {
  const [address = [], mask] = word.split('/').map(bytesOf)
  if (mask === undefined || mask.every((byte) => byte === 255)) return macText(address)
  return `${macText(address.map((byte, index) => byte & (mask[index] ?? 0)))}/${macText(mask)}`
}

/** `10.0.0.1` is `10.0.0.1-10.0.0.1`. */
export function addressRange(word: string): string {
  const [first = '', last = first] = word.split('-')
  return `${first}-${last}`
}

/** iptables completes `10.1` with zeros: to 10.1.0.0. */
function completed(address: string): number | undefined {
  const parts = address.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN))
  if (parts.length > 4 || !parts.every((part) => part <= 255)) return undefined
  return [...parts, 0, 0, 0].slice(0, 4).reduce((sum, part) => sum * 256 + part, 0)
}

function ofLength(length: number): number | undefined {
  return length > 32 ? undefined : 2 ** 32 - 2 ** (32 - length)
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}

function bytesOf(address: string): number[] {
  return address.split(':').map((byte) => Number.parseInt(byte, 16))
}

function macText(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
