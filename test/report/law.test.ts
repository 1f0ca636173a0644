import { describe, expect, it } from 'vitest'
import { monthOf } from '../../src/evidence/month.js'
import { compileLaw } from '../../src/policy/compile.js'
import { lintPolicy } from '../../src/policy/lint.js'
import { readPolicy } from '../../src/policy/read.js'
import { lawSections } from '../../src/report/law.js'
import { InputError } from '../../src/reading/finding.js'

const read = (facts: string[]) =>
  readPolicy(
    [
      'policy: p',
      'title: { zh: 甲, en: A }',
      'source: { document: d, url: "https://example.org" }',
      'facts:',
      ...facts.map(fact => `  ${fact}`),
      'channels: { rent: { clause: c, brings: none, when: has_permit } }',
    ].join('\n'),
    'p.yaml',
  )

describe('the facts that a policy declares', () => {
  const policy = read([
    'shares: { label: { zh: 份额, en: shares }, type: boolean, assume: { shares: { "true": 0.1 } } }',
    'counted: { label: { zh: 计数, en: counted }, type: boolean, assume: { shares: { "true": 0.1 }, grade: observed } }',
    'judged: { label: { zh: 判断, en: judged }, type: boolean, is: age > 30, grade: assumed, source: a guess }',
    'plain: { label: { zh: 平常, en: plain }, type: boolean, is: age > 30 && counted }',
    'leaning: { label: { zh: 依托, en: leaning }, type: boolean, is: plain && shares }',
    'far: { label: { zh: 更远, en: far }, type: boolean, is: leaning || judged || shares }',
  ])
  const rows = lawSections(policy, compileLaw(policy, monthOf(2016, 1)))
    .flatMap(({ parts }) => parts.flatMap(part => part.rows))
    .filter(({ name }) => policy.facts.some(fact => fact.label.en === name.en))
  const row = (en: string) => rows.find(({ name }) => name.en === en)!

  it('are assumed where they say so, and where they are made of what is', () => {
    const assumed = rows.filter(({ assumed }) => assumed).map(({ name }) => name.en)
    expect(assumed).toEqual(['shares', 'judged', 'leaning', 'far'])
    expect(row('judged').source).toBe('a guess')
  })

  it('name what in them is assumed', () => {
    expect(row('leaning').rule.en).toContain('(of this assumed: shares)')
    expect(row('leaning').rule.zh).toContain('(其中假定:份额)')
    // By way of another fact as well, and each once.
    expect(row('far').rule.en).toContain('(of this assumed: shares, judged)')
    expect(row('plain').rule.en).not.toContain('assumed')
  })

  it('are counted among the figures that are assumed', () => {
    const note = lintPolicy(read(['old: { type: boolean, is: age > 60 && age < 90, grade: assumed }'])).find(
      ({ code }) => code === 'assumed-figures',
    )
    expect(note?.message.en).toBe('2 of 2 figures are assumed: old (2)')
    const told = lintPolicy(
      read([
        'old: { type: boolean, is: age > 60, note: { zh: 以年龄代替(假定), en: told by age (assumed) } }',
      ]),
    )
    expect(told.map(({ code }) => code)).toContain('assumed-in-words-only')
  })

  it('have the grade of an assumption within it, and nowhere else', () => {
    const twice = () => read(['odd: { type: boolean, grade: observed, assume: { shares: { "true": 0.1 } } }'])
    expect(twice).toThrow(InputError)
  })
})
