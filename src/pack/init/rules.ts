/**
 * Rule sets and their cases taken over: the other place's own, each rule graded `assumed`. What they say of that
 * place's areas (`areas:`) is left out, with a comment that shows what it was.
 */
import { isMap, isScalar, parseDocument, visit, YAMLMap, type Document, type Pair } from 'yaml'
import type { Text } from '../../reading/text.js'
import { takenOver } from '../marks.js'
import { headComment, LINE } from './comments.js'

export interface NewRules {
  id: string
  title: Text
  /** Places, by id: the one that the rules are taken from, and the new one. */
  from: string
  to: string
}

export function takePolicy(text: string, { id, title, from, to }: NewRules, schema: string): string {
  const document = parseDocument(text)
  const was = String(document.get('policy'))
  const source = document.get('source')
  document.set('policy', id)
  document.set('title', flow(title, document))
  if (isMap(source)) source.set('document', takenOver(from, to, `${was}: ${String(source.get('document'))}`))
  const channels = document.get('channels')
  if (isMap(channels))
    for (const { value } of channels.items)
      if (isMap(value)) {
        // One grade for all that is in it: what was graded there was read about another place.
        visit(value, { Pair: (_, pair) => (keyOf(pair) === 'grade' ? visit.REMOVE : undefined) })
        value.set('grade', 'assumed')
      }
  withoutAreas(document, from)
  headComment(
    document,
    [
      `${from} 的 ${was},逐条沿用,均为假定:请按本地文件逐条核对,改正后写上 clause 与 grade。`,
      `The rules of ${from} (${was}), each assumed here: go through them by your own document, and grade what you read.`,
    ],
    schema,
  )
  return document.toString({ lineWidth: LINE })
}

export function takeCases(text: string, { id, from, to }: NewRules): string {
  const document = parseDocument(text)
  document.set('cases', `${id}.yaml`)
  document.set('source', takenOver(from, to, String(document.get('source'))))
  withoutAreas(document, from)
  headComment(document, [
    `沿用 ${from} 的案例;规则改动后,此处的期望值由您按文件手算。`,
    `Cases of ${from}: where you change a rule, reckon by hand from your document what is expected here.`,
  ])
  return document.toString({ lineWidth: LINE })
}

function withoutAreas(document: Document, from: string): void {
  visit(document, {
    Map(_, map) {
      const areas = map.items.find(pair => keyOf(pair) === 'areas')
      if (!areas) return
      map.comment = ` ${from}: areas: ${JSON.stringify((areas.value as YAMLMap).toJSON())}`
      map.delete('areas')
    },
  })
}

const keyOf = ({ key }: Pair): unknown => (isScalar(key) ? key.value : undefined)

const flow = (value: unknown, document: Document) => document.createNode(value, { flow: true })
