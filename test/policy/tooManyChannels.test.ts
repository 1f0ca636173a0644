import { expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/read.js'
import { InputError } from '../../src/reading/finding.js'

/** A rule set with so many channels, the last of them in force from 2016 on only, and so many rights. */
const text = (channels: number, rights = 0) =>
  [
    'policy: p',
    'title: { zh: 甲, en: A }',
    'source: { document: d }',
    'channels:',
    ...Array.from({ length: channels }, (_, c) =>
      c < channels - 1
        ? `  c${c}: { clause: c, brings: none, when: age > ${c} }`
        : `  c${c}: { clause: c, brings: none, when: { 2016-01-01: age > ${c} } }`,
    ),
    ...(rights > 0 ? ['legacy:'] : []),
    ...Array.from({ length: rights }, (_, r) => `  old${r}: { clause: c, months: 12, who: applied }`),
  ].join('\n')

function findings(channels: number, rights = 0) {
  try {
    readPolicy(text(channels, rights), 'p.yaml')
    return []
  } catch (error) {
    return (error as InputError).findings
  }
}

it('a rule set may have 31 channels in force at once, rights included, and is told where there are more', () => {
  expect(findings(31)).toEqual([])
  expect(findings(29, 2)).toEqual([])
  expect(findings(32)).toMatchObject([{ code: 'too-many-channels', file: 'p.yaml', line: 4 + 32 }])
  expect(findings(30, 2)).toMatchObject([{ code: 'too-many-channels', line: 4 + 30 + 1 + 2 }])
})
