/** pack.yaml and the pair of scenarios of a new pack. */
import { Document, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml'
import type { Text } from '../../reading/text.js'
import type { Pack } from '../pack.js'
import { packHead } from '../read.js'
import { asComment, headComment, LINE } from './comments.js'
import { fieldsOf } from './fields.js'
import type { NewPlace } from './place.js'

/** Every key of the form, each explained above itself. What happened at the time of the reform is no figure to take over. */
export function newHead(
  like: Pack,
  { id, title, areas }: NewPlace,
  reference: Pack['reference'],
  yearbook: { source: string; errorModel: string; use: string },
  schema: string,
): string {
  const document = new Document({
    id,
    title,
    version: '0.1.0',
    // Shares that were counted in records stay under the same protection.
    microdata: like.microdata,
    reference,
    areas: areas.map(area => ({ id: area.id, code: area.code, name: area.name, aliases: area.aliases })),
    yearbook: { grade: 'assumed', ...yearbook },
    labels: like.labels ?? {},
    confounders: [],
  })
  headComment(document, [], schema)
  const contents = document.contents as YAMLMap<Scalar<string>>
  const fields = fieldsOf(packHead)
  for (const [i, { key, value }] of contents.items.entries()) {
    const at = fields.findIndex(({ name, depth }) => depth === 0 && name === key.value)
    const below = fields.slice(at + 1)
    const next = below.findIndex(({ depth }) => depth === 0)
    const within = asComment(next < 0 ? below : below.slice(0, next))
    key.commentBefore = [fields[at].description, ...within].map(line => ` ${line}`).join('\n')
    key.spaceBefore = i > 0
    flowWithin(value)
  }
  return document.toString({ lineWidth: LINE })
}

/** Small maps on one line: `{ zh: …, en: … }`. */
function flowWithin(node: unknown): void {
  if (isMap(node) && node.items.every(({ value }) => isScalar(value) && String(value.value).length < 60))
    node.flow = true
  else if (isMap(node)) for (const { value } of node.items) flowWithin(value)
  else if (isSeq(node)) {
    if (node.items.every(isScalar)) node.flow = true
    else for (const item of node.items) flowWithin(item)
  }
}

/** What a scenario of the new pair is made of. */
export interface NewScenario {
  id: string
  title: Text
  timeline: { from: string; use: string }[]
}

/** The first stands by itself, the second says only what differs. */
export function newScenarios(
  seed: string,
  horizon: { from: string; to: string },
  replicates: number,
  [first, second]: [NewScenario, NewScenario],
  schema: string,
): [string, string] {
  const write = (scenario: object) => {
    const document = new Document(scenario)
    headComment(document, [], schema)
    if (isMap(document.contents)) for (const { value } of document.contents.items) flowWithin(value)
    return document.toString({ lineWidth: LINE })
  }
  return [
    write({
      scenario: first.id,
      title: first.title,
      pack: '..',
      horizon,
      policy: first.timeline,
      replicates,
      seed,
    }),
    write({
      scenario: second.id,
      title: second.title,
      extends: `${first.id}.yaml`,
      policy: second.timeline,
    }),
  ]
}
