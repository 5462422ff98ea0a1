import type { Param, Params, Values } from '../lab/params.ts'
import { formatSubnet, overlaps, type Subnet } from '../lab/subnet.ts'
import { intAt, sizeOfInt, subnetAt } from './draw.ts'

/** How many sets of values it takes until every end of a range and every value of a list was there. */
export function countOfExtremes(params: Params): number {
  return Math.max(0, ...[...params.values()].map(countOf))
}

/** The set of that index (from 0): of each param the lowest, the highest, or another part of its list. */
export function extremeValues(params: Params, index: number): Values {
  const values: Record<string, string> = {}
  const subnets: Subnet[] = []
  for (const [name, param] of params) {
    const at = index % countOf(param)
    if (param.kind === 'int') values[name] = intAt(param, at === 0 ? 0 : sizeOfInt(param) - 1)
    else if (param.kind === 'pick') values[name] = window(param.pick, param.count, at)
    else {
      const places = 2 ** (param.prefix - param.within.prefix)
      const [start, direction] = at === 0 ? [0, 1] : [places - 1, -1]
      let place = start
      while (subnets.some((one) => overlaps(one, subnetAt(param, place)))) place += direction
      subnets.push(subnetAt(param, place))
      values[name] = formatSubnet(subnetAt(param, place))
    }
  }
  return values
}

function countOf(param: Param): number {
  if (param.kind === 'pick') return Math.ceil(param.pick.length / param.count)
  if (param.kind === 'int') return Math.min(2, sizeOfInt(param))
  return param.prefix === param.within.prefix ? 1 : 2
}

/** Neighbours in the list; the last ones, where fewer are left. */
function window(pick: readonly string[], count: number, index: number): string {
  const from = Math.min(index * count, pick.length - count)
  return pick.slice(from, from + count).join(' ')
}
