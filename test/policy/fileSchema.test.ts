/** The schema that editors use agrees with what the program accepts. */
import { Ajv } from 'ajv'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { SCHEMAS } from '../../src/cli/schema.js'
import { policyFileSchema } from '../../src/policy/fileSchema.js'

const ajv = new Ajv({ strict: false, allErrors: true })
const policy = ajv.compile(policyFileSchema())
const yaml = (path: string): unknown => parse(readFileSync(path, 'utf8'))
const filesIn = (folder: string) => readdirSync(folder).filter(name => name.endsWith('.yaml'))
const rules = (text: string): unknown =>
  parse(`policy: p\ntitle: { zh: 甲, en: A }\nsource: { document: d }\n${text}`)

describe('the schema of policies', () => {
  it.each(filesIn('scenarios/policies').filter(name => !name.includes('.test.')))(
    'holds of the shipped %s',
    name => {
      policy(yaml(join('scenarios', 'policies', name)))
      expect(policy.errors ?? []).toEqual([])
    },
  )
  it('takes dates anywhere in the rules, amendments, and files that extend', () => {
    for (const text of [
      'channels: { a: { clause: c, when: { 2010-01: has_permit, 2012-01-01: true, 2015-01: null }, brings: none } }',
      'channels: { 2010-01: { a: { clause: { 2010-01: c }, when: true, brings: { 2010-01: none } } } }',
      'channels: { a: { clause: c, when: true, brings: none } }\namendments: [{ amendment: x, from: 2012-01, set: { channels.a.when: has_permit } }]',
      'extends: q\npatch: { channels.a.when: true }',
    ]) {
      policy(rules(text))
      expect(policy.errors ?? [], text).toEqual([])
    }
  })
  it('refuses a mistyped key or word, dated or not', () => {
    for (const text of [
      'channels: { a: { clause: c, wen: true, brings: none } }',
      'channels: { a: { clause: c, when: true, brings: everybody } }',
      'channels: { a: { clause: c, when: true, brings: { 2010-01: everybody } } }',
      'channels: { a: { clause: c, when: { 2010: true }, brings: none } }',
      'extends: q\npach: {}',
    ])
      expect(policy(rules(text)), text).toBe(false)
  })
})

describe('the other schemas hold of the shipped files', () => {
  const holds = (kind: string, path: string) => {
    const valid = ajv.compile(SCHEMAS[kind]())
    valid(yaml(path))
    expect(valid.errors ?? [], path).toEqual([])
  }
  it.each(filesIn('scenarios'))('scenario %s', name => holds('scenario', join('scenarios', name)))
  it('pack, stocks', () => {
    holds('pack', 'data/zhaoqing/pack.yaml')
    holds('stocks', 'data/zhaoqing/stocks.yaml')
  })
  it.each(filesIn('data/zhaoqing/parameters'))('parameters %s', name =>
    holds('parameters', join('data', 'zhaoqing', 'parameters', name)),
  )
})

it.each(Object.keys(SCHEMAS))('schemas/%s.schema.json is what menkan schema prints', kind => {
  const file: unknown = JSON.parse(readFileSync(`schemas/${kind}.schema.json`, 'utf8'))
  expect(file).toEqual(JSON.parse(JSON.stringify(SCHEMAS[kind]())))
})

it('every shipped file names its schema, so that an editor finds it', () => {
  const named = (path: string) =>
    /^# yaml-language-server: \$schema=(\S+)/.exec(readFileSync(path, 'utf8'))?.[1]
  for (const [folder, schema] of [
    ['scenarios/policies', '../../schemas/policy.schema.json'],
    ['scenarios', '../schemas/scenario.schema.json'],
    ['data/zhaoqing/parameters', '../../../schemas/parameters.schema.json'],
  ])
    for (const name of filesIn(folder).filter(file => !file.includes('.test.')))
      expect(named(join(folder, name)), name).toBe(schema)
})
