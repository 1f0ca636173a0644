import stringWidth from 'string-width'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer } from '../../src/report/answer.js'
import { blocksOf } from '../../src/report/blocks.js'
import { wrap } from '../../src/report/lines.js'
import { renderComparison, renderTable } from '../../src/report/terminal.js'
import { number, percent, rangeOf } from '../../src/report/wording/wording.js'
import type { Comparison } from '../../src/results/comparison.js'
import { comparison } from './fixture.js'

const screen = (lang: 'zh' | 'en', width = 80) => ({ lang, color: false, width })

/** The comparison with a third scenario: the second once more, under another name. */
function withThird(): Comparison {
  const again = <T>(of: Record<string, T>): Record<string, T> => ({ ...of, third: of['zero-threshold'] })
  return {
    ...comparison,
    scenarios: [...comparison.scenarios, { id: 'third', title: { zh: '第三方案', en: 'Third' } }],
    headline: comparison.headline.map(one => ({
      ...one,
      values: again(one.values),
      differences: again(one.differences),
    })),
  }
}

/** Only the baseline. */
const alone = (): Comparison => ({
  ...comparison,
  scenarios: comparison.scenarios.slice(0, 1),
  headline: comparison.headline.map(one => ({ ...one, differences: {} })),
})

describe('the answer in one sentence', () => {
  it('says the difference with its band, and whether its sign is certain', () => {
    expect(answer(comparison, 'en')).toBe(
      'Against “Points”, “Zero threshold” changes registrations (whole city · from outside the city) in 2017 by ' +
        '+8,800 persons (90% band +2,182 to +17,072). The band lies on one side of zero: the direction is certain.',
    )
    expect(answer(comparison, 'zh')).toContain('90% 区间 +2,182 至 +17,072')
  })

  it('with one scenario says its level', () => {
    expect(answer(alone(), 'en')).toContain('Under “Points”, registrations')
    expect(answer(alone(), 'en')).toContain('12,100 persons (90% band')
  })

  it('says nothing where nothing was counted', () => {
    expect(answer({ ...comparison, headline: [] }, 'zh')).toBeUndefined()
  })
})

describe('the comparison on a terminal', () => {
  it.each([
    ['zh', 80, comparison],
    ['en', 80, comparison],
    ['en', 60, comparison],
    ['zh', 80, withThird()],
    ['en', 80, withThird()],
    ['zh', 80, alone()],
    ['en', 80, alone()],
  ] as const)('%s fits %d columns', (lang, width, of) => {
    for (const line of renderComparison(of, screen(lang, width)))
      expect(stringWidth(line)).toBeLessThanOrEqual(width)
  })

  it('begins with the answer and has at most 30 lines of table', () => {
    const lines = renderComparison(comparison, screen('zh'))
    expect(lines[0]).toMatch(/^与“积分入户”相比/)
    const [start, end] = [lines.indexOf(''), lines.lastIndexOf('')]
    expect(end - start - 1).toBeLessThanOrEqual(31)
  })

  it('says error, variance reduction, sources of the band, evidence, seed and n', () => {
    const text = renderComparison(comparison, screen('en')).join('\n')
    for (const part of [
      'Monte Carlo error 893 (6% of',
      'variance by 38',
      'structure 41%',
      'evidence: assumed',
      '50 paired',
      '400 draws',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('more than a tenth')
  })

  it('says where the Monte Carlo error is too large', () => {
    const [first, ...others] = comparison.headline
    const loose = {
      ...first,
      differences: { 'zero-threshold': { ...first.differences['zero-threshold'], mcseP95: 2000 } },
    }
    expect(
      renderComparison({ ...comparison, headline: [loose, ...others] }, screen('en')).join('\n'),
    ).toContain('more than a tenth')
  })

  it('colours only where it may', () => {
    expect(renderComparison(comparison, screen('en')).join('')).not.toContain('\u001b')
    expect(renderComparison(comparison, { ...screen('en'), color: true }).join('')).toContain('\u001b[1m')
  })

  it('lists every year of a block once, in order of time', () => {
    for (const { lines } of blocksOf(comparison)) {
      const periods = lines.map(({ period }) => period)
      expect(periods).toHaveLength(6)
      expect([...new Set(periods)].sort()).toEqual(periods)
    }
  })
})

describe('text in columns', () => {
  it('aligns Chinese by width', () => {
    const lines = renderTable(
      [
        { header: '地区', align: 'left' },
        { header: 'n', align: 'right' },
      ],
      [
        ['端州区', '7'],
        ['city', '1,234'],
      ],
      { width: 80 },
    )
    expect(lines).toEqual(['地区        n', '端州区      7', 'city    1,234'])
    for (const line of lines) expect(stringWidth(line)).toBe(13)
  })

  it('breaks lines within the width and loses no character', () => {
    const letters = fc.constantFrom('落', '户', '，', '。', '“', 'a', 'b', ' ', '9', '·')
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 80 }),
        fc.integer({ min: 12, max: 40 }),
        (characters, width) => {
          const text = characters.join('')
          expect(wrap(text, width).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        },
      ),
    )
    for (const line of wrap('一套规则包含另一套，增减方向由规则本身决定，并非数据的发现。'.repeat(3), 24))
      expect(stringWidth(line)).toBeLessThanOrEqual(24)
  })
})

describe('numbers for people', () => {
  it.each([
    [1234567.8, '1,234,568'],
    [-1500, '−1,500'],
    [7.04, '7.0'],
    [0.0532, '0.053'],
    [-0.0001, '0'],
    [0, '0'],
    [NaN, '–'],
  ])('%d is %s', (value, text) => expect(number(value)).toBe(text))

  it('the ends of a band are written alike', () => {
    expect(rangeOf({ mean: 5, p05: 0.166, p50: 5, p95: 46.6 }, 'en')).toBe('0 to 47')
    expect(rangeOf({ mean: 1, p05: -0.5, p50: 1, p95: 2 }, 'en', true)).toBe('−0.5 to +2.0')
  })

  it.each([
    [0.064, '6%'],
    [0.001, '<1%'],
    [0, '0%'],
    [NaN, '–'],
  ])('the share %d is %s', (share, text) => expect(percent(share)).toBe(text))
})
