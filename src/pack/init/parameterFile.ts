/**
 * A file of parameters taken over: every entry of the other place's file, whatever its id, as `assumed`. Entries that
 * belong to an area of that place are made anew for each area, with the middle of its values and a range over all of
 * them. Of stocks only the form is taken: a number of seats or dwellings is no guess about another place.
 */
import { isMap, parseDocument, YAMLMap, YAMLSeq, type Document } from 'yaml'
import type { Area } from '../pack.js'
import { takenOver, toBeFilled } from '../marks.js'
import { parameterFiles } from '../parameters.js'
import { asComment, headComment, LINE } from './comments.js'
import { fieldsOf } from './fields.js'
import type { NewArea } from './place.js'

/** @param values whether values are taken over (`parameters/`), or left out (`stocks.yaml`) */
export function takeParameters(
  text: string,
  values: boolean,
  from: { id: string; areas: readonly Area[] },
  to: { id: string; areas: readonly NewArea[] },
  schema: string,
): string {
  const document = parseDocument(text)
  const entries = (document.get('parameters') as YAMLSeq<YAMLMap>).items
  const families = new Map<string, YAMLMap[]>()
  for (const entry of entries) {
    const family = familyOf(idOf(entry), from.areas)
    families.set(family, [...(families.get(family) ?? []), entry])
  }
  const made = [...families].flatMap(([family, members]) => {
    const entry = members.length === 1 ? members[0] : pooled(members, document)
    if (values) entry.set('source', sourceOf(entry, members, from, to))
    else leaveOut(entry, to.id, document)
    entry.set('grade', 'assumed')
    if (family === idOf(entry)) return [entry]
    const named = from.areas.find(({ id }) => idOf(members[0]).split('.').includes(id))!
    return to.areas.map(area => forArea(entry, family, named, area, document))
  })
  const sequence = new YAMLSeq()
  sequence.items = made
  document.set('parameters', sequence)
  const form = values ? parameterFiles.required : parameterFiles.optional
  headComment(document, asComment(fieldsOf(form.shape.parameters.element)), schema)
  return document.toString({ lineWidth: LINE })
}

const idOf = (entry: YAMLMap): string => String(entry.get('id'))

/** The id with `AREA` for an area of the place: `edu.outFlow.AREA`. */
export const familyOf = (id: string, areas: readonly { id: string }[]): string =>
  id
    .split('.')
    .map(part => (areas.some(area => area.id === part) ? 'AREA' : part))
    .join('.')

type Ends = [number, number]
const endsOf = (entry: YAMLMap, key: string) => (entry.toJSON() as Record<string, Ends>)[key]

/** One entry for all members of a family: the middle of their values, a range that holds every one of theirs. */
function pooled(members: readonly YAMLMap[], document: Document): YAMLMap {
  const entry = members[0].clone() as YAMLMap
  for (const key of ['interval90', 'support']) {
    const ends = members.map(member => endsOf(member, key))
    const both = [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))]
    entry.set(key, document.createNode(both, { flow: true }))
  }
  const values = members.map(member => member.get('value')).filter(value => typeof value === 'number')
  if (values.length > 0) entry.set('value', values.sort((a, b) => a - b)[Math.floor(values.length / 2)])
  const differ = new Set(members.map(member => String(member.get('value')))).size > 1
  if (differ && entry.get('dist') === 'fixed') entry.set('dist', 'uniform')
  return entry
}

function sourceOf(
  entry: YAMLMap,
  members: readonly YAMLMap[],
  from: { id: string },
  to: { id: string },
): string {
  const was = String(entry.get('source'))
  const how =
    members.length === 1 ? was : `middle and range of its ${members.length} areas that have one; ${was}`
  return takenOver(from.id, to.id, how)
}

function leaveOut(entry: YAMLMap, place: string, document: Document): void {
  entry.delete('value')
  entry.delete('note')
  entry.set('interval90', document.createNode(endsOf(entry, 'support'), { flow: true }))
  entry.set('dist', 'fixed')
  entry.set('source', toBeFilled(place, 'may stay without a value, results then show the net addition'))
}

function forArea(entry: YAMLMap, family: string, named: Area, area: NewArea, document: Document): YAMLMap {
  const copy = entry.clone() as YAMLMap
  copy.set('id', family.replace('AREA', area.id))
  const label = copy.get('label')
  if (!isMap(label)) return copy
  const renamed = Object.fromEntries(
    (['zh', 'en'] as const).map(lang => [
      lang,
      String(label.get(lang)).replaceAll(named.name[lang], area.name[lang]),
    ]),
  )
  copy.set('label', document.createNode(renamed, { flow: true }))
  return copy
}
