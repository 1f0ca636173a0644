/** What every picture and table of a population is made from. */
import type { Area } from '../../pack/pack.js'
import type { FitReport, MarginFit } from '../../population/population.js'
import type { Structure } from '../../population/structure.js'
import type { Lang, Text } from '../../reading/text.js'
import { GRADES } from '../../evidence/parameter.js'
import { wordsOf } from '../wording/wording.js'

export interface Account {
  /** Id and version. */
  pack: string
  title: Text
  areas: readonly Area[]
  /** 2015-01 … 2020-12. */
  horizon: { from: string; to: string }
  seed: string
  scale: number
  fit: FitReport
  structure: Structure
}

/** A cell of a margin that is far from what was asked. */
export interface Misfit {
  margin: MarginFit
  group: string
  asked: number
  made: number
  /** made − asked in standard errors. */
  z: number
}

/** The cells that fit worst, the worst first. */
export function worstCells(fit: FitReport, count: number): Misfit[] {
  return fit.margins
    .flatMap(margin =>
      margin.groups.map((group, cell) => ({
        margin,
        group,
        asked: margin.asked[cell],
        made: margin.made[cell],
        z: margin.z[cell],
      })),
    )
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z) || Math.abs(b.made - b.asked) - Math.abs(a.made - a.asked))
    .slice(0, count)
}

/** What must stand under each picture: that nobody in it is real, what it was made of, and the grade it leans on. */
export function caption({ pack, horizon, seed, scale, fit }: Account, lang: Lang): string {
  const words = wordsOf(lang)
  const grade = words.leansOn(
    words.grades[GRADES[Math.max(0, ...fit.margins.map(margin => GRADES.indexOf(margin.grade)))]],
  )
  const sample = Math.round(scale * 10000) / 100
  return (
    lang === 'zh'
      ? [
          '合成人口，非实际统计',
          `数据包 ${pack}`,
          `${horizon.from} 月初`,
          `种子 ${seed}`,
          ...(scale < 1 ? [`抽样 ${sample}%，已还原到全数`] : []),
          grade,
        ]
      : [
          'synthetic population; not a count',
          `data pack ${pack}`,
          `at the beginning of ${horizon.from}`,
          `seed ${seed}`,
          ...(scale < 1 ? [`a sample of ${sample}%, brought to full size`] : []),
          grade,
        ]
  ).join(words.separator)
}
