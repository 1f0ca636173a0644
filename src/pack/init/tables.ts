/** Tables of a new pack: margins and the yearbook taken over in proportion, the others as headers. */
import type { z } from 'zod'
import { monthOf } from '../../evidence/month.js'
import { TABLES } from '../figures.js'
import { JOIN, marginRow } from '../margins.js'
import { takenOver, toBeFilled } from '../marks.js'
import type { Pack } from '../pack.js'
import { readTable } from '../../reading/table.js'
import type { NewPlace } from './place.js'

type Row = Record<string, string | number | undefined>

/** A table under its form's own columns. */
export const tableOf = (form: z.ZodObject, rows: readonly Row[] = []): string => {
  const columns = Object.keys(form.shape)
  const cell = (value: string | number | undefined) => {
    const text = String(value ?? '')
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [columns, ...rows.map(row => columns.map(name => row[name]))]
    .map(cells => cells.map(cell).join(',') + '\n')
    .join('')
}

export const HEADERS = Object.fromEntries(
  Object.entries(TABLES).map(([file, form]) => [file, tableOf(form)]),
) as Record<keyof typeof TABLES, string>

/** Whole persons that add up to `total`, in proportion; all 0 where the weights are. */
function apportioned(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  let [seen, given] = [0, 0]
  return weights.map(weight => {
    seen += weight
    const upTo = sum > 0 ? Math.round((total * seen) / sum) : 0
    const own = upTo - given
    given = upTo
    return own
  })
}

/**
 * Margins: shares and weights as they are; counts along areas anew, from what is known of the areas' migrants. Where an
 * area's migrants are not known its cells are 0 and say so.
 */
export function takeMargins(csv: string, file: string, like: Pack, place: NewPlace): string {
  const rows = readTable(csv, file, marginRow)
  const done = new Set<string>()
  const made = rows.flatMap(({ line: _, ...row }): Row[] => {
    const names = row.dimensions.split(JOIN)
    const at = names.indexOf('area')
    if (at < 0) return [{ ...row, grade: 'assumed', source: takenOver(like.id, place.id, row.source) }]
    if (done.has(row.dimensions)) return []
    done.add(row.dimensions)
    return forAreas(
      names,
      rows.filter(({ dimensions }) => dimensions === row.dimensions),
      like,
      place,
    )
  })
  return tableOf(marginRow, made)
}

/** The cells of one margin along areas: what the other place's areas have together, split anew. */
function forAreas(
  names: string[],
  rows: readonly { groups: string; value: number; unit: string }[],
  like: Pack,
  { id, areas, migrants }: NewPlace,
): Row[] {
  const at = names.indexOf('area')
  const others = new Map<string, number>()
  for (const { groups, value } of rows) {
    const rest = groups.split(JOIN).toSpliced(at, 1).join(JOIN)
    others.set(rest, (others.get(rest) ?? 0) + value)
  }
  const [{ unit }] = rows
  const counts = unit === 'persons'
  const here = migrantsOf({ areas, migrants })
  return areas.flatMap((area, a) => {
    const given = typeof area.migrants === 'object' ? area.migrants : undefined
    const split = counts ? apportioned(here[a], [...others.values()]) : [...others.values()]
    const source = !counts
      ? takenOver(like.id, id, 'the areas of that place together')
      : given
        ? toBeFilled(id, 'the source of the number given to pack init')
        : here[a] === 0
          ? toBeFilled(id, 'migrants living here at the start of the horizon; 0 stands for nothing known')
          : takenOver(
              like.id,
              id,
              `its split by origin of the number given to pack init${migrants === undefined ? '' : ', which is split evenly over areas'}`,
            )
    return [...others.keys()].map((rest, i) => ({
      dimensions: names.join(JOIN),
      groups: rest.split(JOIN).toSpliced(at, 0, area.id).join(JOIN),
      value: given ? (given[rest] ?? 0) : split[i],
      unit,
      grade: 'assumed',
      source,
    }))
  })
}

/** Persons by area; 0 where nothing is known. */
function migrantsOf({ areas, migrants }: Pick<NewPlace, 'areas' | 'migrants'>): number[] {
  const even = apportioned(
    migrants ?? 0,
    areas.map(() => 1),
  )
  return areas.map(({ migrants: own }, a) =>
    typeof own === 'object' ? Object.values(own).reduce((x, y) => x + y, 0) : (own ?? even[a]),
  )
}

/** Origins of migrants as `like` has them along areas. */
export const originsOf = ({ margins }: Pack): string[] => [
  ...new Set(areaOrigin(margins)?.cells.map(({ groups }) => groups[1])),
]

const areaOrigin = (margins: Pack['margins']) =>
  margins.find(({ unit, dimensions }) => unit === 'persons' && dimensions.join(JOIN) === 'area*origin')

/** What `like` has of migrants, persons. */
const migrantsThere = ({ margins }: Pack): number =>
  areaOrigin(margins)?.cells.reduce((sum, { value }) => sum + value, 0) ?? 0

/**
 * The yearbook in proportion to migrants: each year's moves, births and deaths of the other place, split over the areas.
 * Header alone where the migrants of some area are not known: moves of a place of no size would say nothing.
 */
export function takeYearbook(like: Pack, place: NewPlace): { text: string; source: string } {
  const { areas } = place
  const form = TABLES['yearbook.csv']
  const there = migrantsThere(like)
  const here = migrantsOf(place)
  if (there === 0 || here.some(migrants => migrants === 0))
    return {
      text: HEADERS['yearbook.csv'],
      source: toBeFilled(place.id, 'registered moves, births and deaths of every area and year'),
    }
  const ratio = here.reduce((a, b) => a + b, 0) / there
  const counts = Object.entries(form.shape)
    .filter(([name, cell]) => !['area', 'year'].includes(name) && !cell.safeParse(undefined).success)
    .map(([name]) => name)
  const years = [...new Set(like.yearbook.map(({ year }) => year))].sort((a, b) => a - b)
  const rows = years.flatMap(year => {
    const printed = like.yearbook.filter(row => row.year === year && !isHeld(row.area, year, like))
    const split = counts.map(name => {
      const total = printed.reduce((sum, row) => sum + (row[camel(name)] as number), 0)
      return apportioned(total * ratio, here)
    })
    return areas.map(({ id }, a): Row => ({
      area: id,
      year,
      ...Object.fromEntries(counts.map((name, c) => [name, split[c][a]])),
    }))
  })
  return {
    text: tableOf(form, rows),
    source: takenOver(like.id, place.id, 'its moves, births and deaths in proportion to migrants'),
  }
}

/** Another area's row still holds this one's. */
const isHeld = (area: string, year: number, { areas }: Pack): boolean => {
  const inside = areas.find(({ id }) => id === area)?.inside
  return inside !== undefined && monthOf(year, 12) <= inside.until
}

/** `in_other_provinces` as the pack has it: `inOtherProvinces`. */
const camel = (name: string) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Pack['yearbook'][number]
