import { unzipSync } from 'fflate'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { ROUNDS } from '../../src/experiment/roundsHeld.js'
import { chartDocument } from '../../src/node/document.js'
import { comparisonXlsx } from '../../src/node/xlsx.js'
import { reportHtml } from '../../src/report/document.js'
import { roundBlocks } from '../../src/report/rounds.js'
import type { BandColumn, BandedTable, Comparison } from '../../src/results/comparison.js'
import { comparison } from './fixture.js'

/** Two rounds in each of `months`, of which the scenario holds those of the last months. */
function withRounds(months: string[], held: number[]): Comparison {
  const rows = months.flatMap(month =>
    ['1', '2'].flatMap(round => ['city', 'sihui'].map(area => [month, 'points', round, area])),
  )
  const column = (of: (measure: string, row: number) => number): BandColumn[] =>
    ROUNDS.measures.map(({ id }) => {
      const mean = Float64Array.from(rows, (_, row) => of(id, row))
      return { mean, p05: mean.map(x => x - 1), p50: mean, p95: mean.map(x => x + 1) }
    })
  const share = (row: number) => held[Math.floor(row / 4)]
  const table: BandedTable = {
    schema: ROUNDS,
    rows,
    scenarios: {
      points: column(id => (id === 'held' ? 0 : NaN)),
      'zero-threshold': column((id, row) =>
        id === 'held'
          ? share(row)
          : id === 'lowest_score' || share(row) === 0
            ? NaN
            : ['expired', 'waiting'].includes(id)
              ? 0
              : 4321 + row,
      ),
    },
    difference: { 'zero-threshold': column(() => NaN) },
  }
  return { ...comparison, tables: [...comparison.tables, table] }
}

describe('rounds in the report', () => {
  const few = withRounds(['2016-05', '2017-05', '2018-05'], [0, 0.6, 1])

  it('are those of the whole place that the scenario holds, with the share of runs that do', () => {
    const [block, ...others] = roundBlocks(few, 'en')
    expect(others).toEqual([])
    expect(block.title).toBe('Zero threshold · Points')
    expect(block.lines.map(({ round }) => round)).toEqual([
      '2017-05 · held in 60% of the runs',
      '2017-05, round 2 · held in 60% of the runs',
      '2018-05',
      '2018-05, round 2',
    ])
    expect(block.lines.map(({ bands }) => bands[0].mean)).toEqual([4325, 4327, 4329, 4331])
    // Nothing is known of scores here and nothing expires: no column of blanks or noughts. That nobody waits is told.
    const labels = ROUNDS.measures
      .filter(({ id }) => !['held', 'lowest_score', 'expired'].includes(id))
      .map(({ label }) => label.en)
    expect(block.measures).toEqual(labels)
  })

  it('stand on the page and in the workbook in both languages; without any there is no section', async () => {
    const html = reportHtml(few, { lang: 'zh', document: chartDocument() })
    const { document } = parseHTML(html)
    const text = (lang: string) => document.querySelector(`article[lang=${lang}]`)!.textContent!
    for (const said of ['各轮次', '2018-05 第 2 轮', '60% 的运行中举行', '4,331 [4,330,\u00a04,332]'])
      expect(text('zh-CN')).toContain(said)
    expect(text('en')).toContain('2018-05, round 2')
    const strings = async (of: Comparison) => {
      const files = unzipSync(await comparisonXlsx(of, 'zh'))
      return ['xl/workbook.xml', 'xl/sharedStrings.xml'].map(name => new TextDecoder().decode(files[name]))
    }
    const [book, words] = await strings(few)
    expect(book).toMatch(/name="各轮次".*name="Rounds"/s)
    expect(words).toContain('2018-05, round 2')
    expect((await strings(comparison))[0]).not.toContain('各轮次')
    expect(reportHtml(comparison, { lang: 'zh', document: chartDocument() })).not.toContain('各轮次')
  })

  it('show the last two dozen where there are many, and say so', () => {
    const months = Array.from({ length: 20 }, (_, i) => `20${String(10 + i)}-05`)
    const many = withRounds(
      months,
      months.map(() => 1),
    )
    const html = reportHtml(many, { lang: 'en', document: chartDocument() })
    const text = parseHTML(html).document.querySelector('article[lang=en]')!.textContent!
    expect(text).toContain('the last 24 of 40 rounds')
    expect(text).toContain('2018-05')
    expect(text).not.toContain('2017-05, round 2')
  })
})
