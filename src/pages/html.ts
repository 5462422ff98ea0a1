import { html as escaping, type SafeHtml } from '@remix-run/html-template'
import { sanitize } from '../sanitize.ts'

export type Html = SafeHtml
export type Content = Html | string | number | null | undefined | false | readonly Content[]

/**
 * HTML in which every text that is put in is made harmless: escape sequences and characters that turn the direction of
 * what follows are gone, and nothing can begin a tag or end an attribute. Put attributes between double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return escaping(parts, ...values.map(harmless))
}

/** Markup that was made by labrun itself and has already been escaped. */
export function trusted(markup: string): Html {
  return escaping.raw`${markup}`
}

type Harmless = Parameters<typeof escaping>[1]

function harmless(value: Content): Harmless {
  if (value === false) return null
  if (typeof value === 'string') return sanitize(value)
  return isList(value) ? value.map(harmless) : value
}

function isList(value: Content): value is readonly Content[] {
  return Array.isArray(value)
}
