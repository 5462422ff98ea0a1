import { QueueError } from './trouble.ts'

/** Loads what needs packages that only those have who want it. Rejects with QueueError where they are missing. */
export async function loadOptional<Part>(
  what: string,
  packages: readonly [string, ...string[]],
  load: () => Promise<Part>,
): Promise<Part> {
  try {
    return await load()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_MODULE_NOT_FOUND' || !packages.some((name) => message.includes(`'${name}'`))) throw error
    const names = packages.length === 1 ? `the package ${packages[0]}` : `the packages ${packages.join(' and ')}`
    const are = packages.length === 1 ? 'it is' : 'they are'
    throw new QueueError('package-missing', `${what} needs ${names}, and ${are} not installed`, [
      `npm install ${packages.join(' ')}, where labrun is installed (with --global if labrun is)`,
    ])
  }
}
