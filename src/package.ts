import { existsSync, readFileSync } from 'node:fs'

/** The folder of labrun's own package, with a slash at its end: the same from `src` and from the bundle in `dist`. */
export const packageRoot: URL = findRoot()

/** labrun's version. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string }
  return version
}

function findRoot(): URL {
  let folder = new URL('.', import.meta.url)
  while (!existsSync(new URL('package.json', folder))) folder = new URL('..', folder)
  return folder
}
