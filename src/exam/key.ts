import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { z } from 'zod'

/** What an instructor has and nobody else: it draws the values of a class, and signs its tickets. */
export interface ExamKey {
  /** 32 bytes. */
  readonly secret: Uint8Array
  readonly privateKey: KeyObject
  /** Ed25519; its 32 bytes as base64url. */
  readonly publicKey: string
}

/** The file is no key, or no whole one. */
export class KeyError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'KeyError'
  }
}

const schema = z.object({
  labrun: z.literal('key'),
  version: z.literal(1),
  secret: z.base64(),
  privateKey: z.string(),
  publicKey: z.string(),
})

/** The text of the file of a new key. */
export function createKey(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key: z.infer<typeof schema> = {
    labrun: 'key',
    version: 1,
    secret: randomBytes(32).toString('base64'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
  return `${JSON.stringify(key, null, 2)}\n`
}

/** Throws KeyError. */
export function readKey(text: string): ExamKey {
  const found = schema.safeParse(parseJson(text))
  if (!found.success) throw new KeyError('this is no key of labrun: `labrun roster key FILE` makes one')
  const secret = Buffer.from(found.data.secret, 'base64')
  if (secret.length !== 32) throw new KeyError('the secret of this key does not have 32 bytes')
  try {
    const privateKey = createPrivateKey(found.data.privateKey)
    const publicKey = rawPublicKey(createPublicKey(privateKey))
    if (publicKey !== rawPublicKey(createPublicKey(found.data.publicKey))) throw new Error('its two halves do not fit')
    return { secret, privateKey, publicKey }
  } catch (error) {
    throw new KeyError(`this key is damaged: ${(error as Error).message}`)
  }
}

/** Stands for a student in everything that leaves the instructor: nobody can find the student from it without the key. */
export function pseudonymOf({ secret }: Pick<ExamKey, 'secret'>, id: string): string {
  const digest = createHmac('sha256', secret).update(`labrun-pseudonym-1\0${id}`).digest()
  return `s${base32(digest, 12)}`
}

/** A mark that only this student's ticket for this lab has. */
export function canaryOf({ secret }: Pick<ExamKey, 'secret'>, lab: string, pseudonym: string): string {
  return createHmac('sha256', secret).update(`labrun-canary-1\0${lab}\0${pseudonym}`).digest('hex').slice(0, 8)
}

/** Throws Error where it is no Ed25519 key. */
function rawPublicKey(key: KeyObject): string {
  const { crv, x } = key.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || !x) throw new Error('it is not an Ed25519 key')
  return x
}

/** The first characters of the base32 of RFC 4648, in lower case; twelve at most. */
function base32(bytes: Buffer, characters: number): string {
  const bits = bytes.readBigUInt64BE()
  const at = (index: number) => Number((bits >> BigInt(59 - 5 * index)) & 31n)
  return Array.from({ length: characters }, (_, index) => 'abcdefghijklmnopqrstuvwxyz234567'[at(index)]).join('')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
