import type { Params } from '../../src/lab/params.ts'
import { frontMatter, lab } from './lab-text.ts'

/** The params that are written as YAML, a line for each. Throws LabError where they have mistakes. */
export function paramsOf(yaml: string): Params {
  const lines = yaml
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
  return lab(`${frontMatter('params:', ...lines)}## It\n\n\`\`\`sh\ntrue\n\`\`\`\n`).params
}
