import { QueueError } from './trouble.ts'

/** Where a store of an S3 service is, and who may use it. */
export interface S3Place {
  /** For people: `s3://BUCKET/PREFIX`. */
  readonly name: string
  readonly bucket: string
  /** Empty, or with a `/` at its end. */
  readonly prefix: string
  readonly region: string
  /** What comes before the prefix in the URL of an entry, with a `/` at its end. */
  readonly base: string
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads `s3://BUCKET/PREFIX`, and the variables that programs for S3 have in common. Throws QueueError. */
export function s3Place(place: string, environment: Environment): S3Place {
  const [, bucket = '', path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w.-]+)*)\/?$/.exec(place) ?? []
  // What is wrong is not shown: it may have a password in it.
  if (bucket === '' || path.split('/').some((part) => /^\.+$/.test(part)))
    throw new QueueError('store-place', 'the store is not given as s3://BUCKET/PREFIX', [
      'for example --store s3://course/exam; letters, digits, dots, hyphens and underlines',
      `the key belongs into the environment: ${KEY.join(', ')}`,
    ])
  const name = `s3://${bucket}${path}`
  const missing = KEY.filter((variable) => !environment[variable])
  if (missing.length > 0)
    throw new QueueError('store-key', `for ${name} a key is needed; not set: ${missing.join(', ')}`, [
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN where the key has one',
      'from a profile of the AWS command line: eval "$(aws configure export-credentials --format env)"',
    ])
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment
  const { region, endpoint } = s3Service(environment)
  return {
    name,
    bucket,
    prefix: path === '' ? '' : `${path.slice(1)}/`,
    region,
    base: baseOf(bucket, region, endpoint),
    key: {
      accessKeyId: AWS_ACCESS_KEY_ID!,
      secretAccessKey: AWS_SECRET_ACCESS_KEY!,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    },
  }
}

/** What is no secret of how a service is found; no endpoint: that of Amazon. Throws QueueError. */
export function s3Service(environment: Environment): {
  readonly region: string
  readonly endpoint: string | undefined
} {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || 'us-east-1'
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || undefined
  const url = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search
  if (endpoint !== undefined && !isPlain)
    throw new QueueError('store-endpoint', 'AWS_ENDPOINT_URL is not given as https://HOST:PORT', [
      'without a user and a password: the key belongs into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ])
  if (!/^[a-z0-9-]+$/.test(region)) throw new QueueError('store-region', 'AWS_REGION is no name of a region', [])
  return { region, endpoint: url?.href.replace(/\/$/, '') }
}

/** The variables that a key consists of. */
const KEY = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

/** Other services have one name for all buckets; Amazon's certificate is not for a bucket with a dot in its name. */
function baseOf(bucket: string, region: string, endpoint: string | undefined): string {
  if (endpoint !== undefined) return `${endpoint}/${bucket}/`
  const host = `s3.${region}.amazonaws.com`
  return bucket.includes('.') ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`
}
