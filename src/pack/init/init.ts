/**
 * A new pack out of another one's files: every file and every field is there, and says that it is not this place's own
 * yet. What a field is comes from the schemas, what there is from the other pack: a parameter added there, or a column
 * added to a form, is in the next new pack by itself.
 */
import { isMap, parseDocument } from 'yaml'
import type { Text } from '../../reading/text.js'
import type { Pack } from '../pack.js'
import { guide, sourcesPage } from './guide.js'
import { newHead, newScenarios } from './head.js'
import { takeParameters } from './parameterFile.js'
import type { NewPlace } from './place.js'
import { takeCases, takePolicy } from './rules.js'
import { HEADERS, takeMargins, takeYearbook } from './tables.js'

/** What figures and rules are taken over from. */
export interface Like {
  pack: Pack
  /** Texts of its folder, by path. */
  files: ReadonlyMap<string, string>
  /** Rule sets before and after the reform, with their cases where there are some. */
  rules: Record<Side, { policy: string; cases?: string }>
  /** When the rule sets of a comparison take force; the pair differs in the second entry. */
  scenario: { horizon: { from: string; to: string }; replicates: number; from: [string, string] }
}

const SIDES = ['before', 'after'] as const
type Side = (typeof SIDES)[number]

const TITLES: Record<Side, Text> = {
  before: { zh: '改革前规则延续', en: 'The rules before the reform go on' },
  after: { zh: '改革后规则', en: 'The rules after the reform' },
}

/**
 * @param schemas JSON Schemas by kind of file (`pack`, `parameters`, `stocks`, `policy`, `scenario`), for editors
 * @returns texts by path in the new folder
 */
export function newPack(
  { pack, files, rules, scenario }: Like,
  place: NewPlace,
  schemas: Readonly<Record<string, string>>,
): Map<string, string> {
  const made = new Map<string, string>()
  const schema = (kind: string, depth: number) => `${'../'.repeat(depth)}schemas/${kind}.schema.json`
  const policyFile = (side: Side) => `policies/${place.id}-${side}.yaml`
  const reference = {
    before: `scenarios/${policyFile('before')}`,
    after: `scenarios/${policyFile('after')}`,
  }
  const yearbook = takeYearbook(pack, place)
  made.set(
    'pack.yaml',
    newHead(pack, place, reference, { source: yearbook.source, ...meaningOf(files) }, schema('pack', 0)),
  )
  for (const [name, text] of files)
    if (name.startsWith('parameters/'))
      made.set(name, takeParameters(text, true, pack, place, schema('parameters', 1)))
    else if (name === 'stocks.yaml')
      made.set(name, takeParameters(text, false, pack, place, schema('stocks', 0)))
    else if (/^margins(\.csv$|\/)/.test(name)) made.set(name, takeMargins(text, name, pack, place))
  made.set('yearbook.csv', yearbook.text)
  made.set('targets.csv', HEADERS['targets.csv'])
  made.set('figures.csv', HEADERS['figures.csv'])
  made.set('README.md', guide(place, pack.id))
  made.set('SOURCES.md', sourcesPage(place, pack.id))

  for (const side of SIDES) {
    const { policy, cases } = rules[side]
    const named = {
      id: `${place.id}-${side}`,
      title: {
        zh: `${place.title.zh}:${TITLES[side].zh}`,
        en: `${place.title.en}: ${TITLES[side].en.toLowerCase()}`,
      },
      from: pack.id,
      to: place.id,
    }
    made.set(reference[side], takePolicy(policy, named, schema('policy', 2)))
    if (cases !== undefined)
      made.set(`scenarios/policies/${place.id}-${side}.test.yaml`, takeCases(cases, named))
  }
  const [first, second] = SIDES.map((side, i) => ({
    id: side,
    title: TITLES[side],
    timeline: SIDES.slice(0, i + 1).map((use, at) => ({ from: scenario.from[at], use: policyFile(use) })),
  }))
  const [before, after] = newScenarios(
    place.id,
    scenario.horizon,
    scenario.replicates,
    [first, second],
    schema('scenario', 1),
  )
  made.set('scenarios/before.yaml', before)
  made.set('scenarios/after.yaml', after)
  for (const [kind, text] of Object.entries(schemas)) made.set(`schemas/${kind}.schema.json`, text)
  return made
}

/** How the other pack reads its yearbook; a pack without one has no say. */
function meaningOf(files: ReadonlyMap<string, string>): { errorModel: string; use: string } {
  const yearbook = parseDocument(files.get('pack.yaml') ?? '').get('yearbook')
  const written = isMap(yearbook) ? (yearbook.toJSON() as { errorModel: string; use: string }) : undefined
  return { errorModel: written?.errorModel ?? 'negbin', use: written?.use ?? 'fit' }
}
