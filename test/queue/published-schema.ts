import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv'

/** Checks a document against the schema that Kubernetes publishes (1.26), and that it has no field that is not in it. */
export function publishedSchema(file: string, id: string): ValidateFunction {
  const require = createRequire(import.meta.url)
  const path = join(dirname(require.resolve('kubernetes-models')), '_schemas', file)
  const there = createRequire(path)
  const registry = there('@kubernetes-models/validate') as { register: (id: string, schema: AnySchemaObject) => void }
  const { register } = registry
  const formats = { quantity: /^\d+(\.\d+)?(m|[kMGTPE]i?)?$/, ...FREE }
  const ajv = new Ajv({ strictTypes: false, allErrors: true, formats })
  const known = new Set<string>()
  registry.register = (name, schema) => {
    if (known.has(name)) return
    known.add(name)
    // An API server takes a field that it does not know for a mistake (--validate=strict); the schema alone would not.
    ajv.addSchema(schema.properties ? { ...schema, additionalProperties: false } : schema, name)
  }
  try {
    ;(there(path) as { addSchema: () => void }).addSchema()
  } finally {
    registry.register = register
  }
  return ajv.getSchema(id)!
}

/** Formats whose type says enough. */
const FREE = { int32: true, int64: true, 'date-time': true, byte: true, string: true } as const
