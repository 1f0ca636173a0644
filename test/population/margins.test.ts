import { describe, expect, it } from 'vitest'
import { readMargins } from '../../src/pack/margins.js'
import { InputError } from '../../src/reading/finding.js'

const HEAD = 'dimensions,groups,value,unit,grade,source,note\n'
const read = (...rows: string[]) =>
  readMargins(HEAD + rows.join('\n') + '\n', 'margins.csv', ['north', 'south'])
const findings = (...rows: string[]) => {
  try {
    read(...rows)
  } catch (error) {
    return (error as InputError).findings
  }
  return []
}
const share = (dimensions: string, groups: string, value: number | string) =>
  `${dimensions},${groups},${value},share,assumed,guess,`

describe('reading margins', () => {
  it('gathers the rows of a margin and keeps the weakest grade', () => {
    const [margin] = read('stay,0-1,.4,share,observed,survey,', 'stay,1+,.6,share,derived,split,')
    expect(margin).toMatchObject({
      dimensions: ['stay'],
      unit: 'share',
      grade: 'derived',
      source: 'survey; split',
    })
    expect(margin.cells).toEqual([
      { groups: ['0-1'], value: 0.4, line: 2 },
      { groups: ['1+'], value: 0.6, line: 3 },
    ])
  })

  it('reports all mistakes of a file at once, each with its line', () => {
    const found = findings(
      share('tenure', 'rented', 1),
      share('tenur', 'rent', 1),
      share('area*origin', 'north', 1),
      share('area*origin', 'west*province', -3),
      'sex,male,1,share,assumed,guess,',
      'sex,female,1,households,assumed,guess,',
      share('sex', 'male', 0),
    )
    expect(found.map(({ code, line }) => [code, line])).toEqual([
      ['unknown-group', 2],
      ['unknown-dimension', 3],
      ['wrong-number-of-groups', 4],
      ['unknown-group', 5],
      ['negative-count', 5],
      ['mixed-units', 7],
      ['twice', 8],
    ])
    expect(found[0].nearest).toBe('rent')
    expect(found[1].nearest).toBe('tenure')
  })

  it('names both totals that disagree, and the gap', () => {
    const [found] = findings(
      'area*origin,north*province,100,persons,assumed,guess,',
      'origin,province,90,persons,assumed,guess,',
    )
    expect(found.code).toBe('margins-disagree')
    for (const part of ['area*origin', '100', 'origin', '90', '-10']) expect(found.message.en).toContain(part)
    expect(findings(share('sex', 'male', 0.5), share('sex', 'female', 0.4))[0].message.en).toContain('0.9')
  })

  it('refuses a row without grade', () => {
    expect(findings('sex,male,1,share,,guess,').map(({ code }) => code)).toContain('wrong-value')
  })
})
