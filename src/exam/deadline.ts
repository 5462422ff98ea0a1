/**
 * `2027-01-31`: the end of that day here; `2027-01-31T18:00`: that time here; with a zone (`Z`, `+08:00`): that moment.
 * Undefined if it is no date.
 */
export function parseDeadline(text: string): Date | undefined {
  const [, day, time, zone] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text) ?? []
  if (day === undefined) return undefined
  // Not every day is one: the 31st of February would become a day of March.
  const date = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return undefined
  const moment = new Date(`${day}T${time ?? '23:59:59.999'}${zone ?? ''}`)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}
