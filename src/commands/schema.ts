import { z } from 'zod'
import { checks } from '../checks/index.ts'
import { questionSchema, wholeSchema } from '../lab/check-block.ts'
import { editorFrontMatterSchema } from '../lab/front-matter.ts'

/** The JSON Schemas of the parts of a lab, made from the schemas that the parser itself uses. */
export const jsonSchemas: Readonly<Record<string, () => unknown>> = {
  'front-matter': () => toJson(editorFrontMatterSchema),
  check: () => toJson(z.array(z.union([...checks.values()].map((check) => wholeSchema(check))))),
  question: () => toJson(questionSchema),
}

/** `labrun schema front-matter|check|question` */
export function schema(part: string): number {
  const make = jsonSchemas[part]
  if (!make) {
    process.stderr.write(`labrun: there is no schema ${part}\n  there are: ${Object.keys(jsonSchemas).join(', ')}\n`)
    return 2
  }
  process.stdout.write(`${JSON.stringify(make(), null, 2)}\n`)
  return 0
}

function toJson(part: z.ZodType): unknown {
  // The newest draft that the YAML support of editors knows.
  return z.toJSONSchema(part, { io: 'input', target: 'draft-7' })
}
