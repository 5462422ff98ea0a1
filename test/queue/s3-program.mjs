import { createHash, createHmac } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import S3rver from 's3rver'

// s3rver speaks S3, but three things of it are not as in S3 and are put right here: what is written can be read before it is all
// there, signatures of version 4 are not proven, and `If-None-Match: *` is not heeded (with `conditions` it is).
const [folder, port, bucket, conditions] = process.argv.slice(2)
const server = new S3rver({
  directory: folder,
  address: '127.0.0.1',
  port: Number(port),
  silent: true,
  configureBuckets: [{ name: bucket }],
})
const objects = keepInMemory(server.context.store)
server.middleware.unshift(proveSignature, onePutAtATime())
await server.run()
process.stdout.write('ready\n')

function keepInMemory(store) {
  const kept = new Map()
  store.putObject = async (object) => {
    const content = Buffer.isBuffer(object.content) ? object.content : await buffer(object.content)
    const md5 = createHash('md5').update(content).digest('hex')
    const about = { 'content-length': content.length, 'last-modified': new Date().toISOString(), etag: `"${md5}"` }
    Object.assign(object, { content, metadata: { ...object.metadata, ...about } })
    kept.set(`${object.bucket}/${object.key}`, object)
    return { size: content.length, md5 }
  }
  store.getObject = async (name, key) => {
    const object = kept.get(`${name}/${key}`)
    return object ? Object.create(object, { content: { value: Readable.from([object.content]) } }) : null
  }
  store.existsObject = async (name, key) => kept.has(`${name}/${key}`)
  store.deleteObject = async (name, key) => void kept.delete(`${name}/${key}`)
  return kept
}

/** Signature Version 4, as Amazon's documentation describes it; what is sent has to be signed too. */
async function proveSignature(context, next) {
  const [, id, scope, names, given] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      context.get('authorization'),
    ) ?? []
  const sent = context.get('x-amz-content-sha256')
  const headers = names?.split(';').map((name) => `${name}:${context.get(name).trim()}\n`)
  const canonical = [context.method, context.path, context.querystring, headers?.join(''), names, sent].join('\n')
  const text = [
    'AWS4-HMAC-SHA256',
    context.get('x-amz-date'),
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n')
  const hmac = (key, words) => createHmac('sha256', key).update(words).digest()
  const key = (scope ?? '').split('/').reduce(hmac, 'AWS4S3RVER')
  const isSent = context.method !== 'PUT' || /^[0-9a-f]{64}$/.test(sent)
  // Who is not known at all is told so by s3rver.
  if (id === 'S3RVER' && (!isSent || hmac(key, text).toString('hex') !== given))
    refuse(context, 403, 'SignatureDoesNotMatch')
  else await next()
}

/** Nobody comes between the condition and the put. */
function onePutAtATime() {
  let last = Promise.resolve()
  return async (context, next) => {
    if (context.method !== 'PUT') return await next()
    const { promise, resolve } = later()
    const before = last
    last = promise
    await before
    try {
      const isRefused = conditions === 'conditions' && context.get('if-none-match') === '*'
      if (isRefused && objects.has(context.path.slice(1))) refuse(context, 412, 'PreconditionFailed')
      else await next()
    } finally {
      resolve()
    }
  }
}

function later() {
  let resolve
  const promise = new Promise((done) => {
    resolve = done
  })
  return { promise, resolve }
}

function refuse(context, status, code) {
  context.status = status
  context.body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`
}
