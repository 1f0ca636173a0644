/** Words for what a population holds: margins, their groups, whom they count, places, compositions. */
import type { Area } from '../../pack/pack.js'
import { CORE_FACTS } from '../../policy/facts.js'
import type { MarginFit } from '../../population/population.js'
import type { Lang, Text } from '../../reading/text.js'

const text = (zh: string, en: string): Text => ({ zh, en })

export const PLACE_WORDS: Record<string, Text> = {
  here: text('已在本地', 'here'),
  arrival: text('可能流入', 'may arrive'),
  elsewhere: text('住在外地', 'elsewhere'),
  ordinary: text('常规迁入', 'movers'),
}

export const COMPOSITION_WORDS: Record<string, Text> = {
  single: text('单人', 'one person'),
  single_away: text('单人,配偶子女留守', 'one person, family left behind'),
  couple: text('夫妻二人', 'couple'),
  couple_away: text('夫妻,子女留守', 'couple, children left behind'),
  couple_1: text('夫妻带一孩', 'couple with one child'),
  couple_2: text('夫妻带两孩', 'couple with two children'),
  extended: text('三代同住', 'three generations'),
  kin: text('与其他亲属同住', 'with other kin'),
}

export const ORIGIN_WORDS: Record<string, Text> = {
  city_other_area: text('市内其他区县', 'elsewhere in the city'),
  province: text('省内市外', 'the province'),
  other_province: text('外省', 'other provinces'),
  in_place: text('本地农业户口', 'in place'),
}

const LAND_WORDS: Record<string, Text> = {
  none: text('无', 'none'),
  plot: text('承包地', 'plot'),
  homestead: text('宅基地', 'homestead'),
  both: text('两者都有', 'both'),
}

const DIMENSION_WORDS: Record<string, Text> = {
  area: text('地区', 'area'),
  origin: text('来源地', 'origin'),
  household: text('家庭构成', 'composition'),
  age: text('年龄', 'age'),
  sex: text('性别', 'sex'),
  education: text('文化程度', 'education'),
  tenure: text('居住方式', 'tenure'),
  stay: text('来本地年数', 'years of stay'),
  work: text('就业', 'work'),
  skill: text('职业资格', 'skill certificate'),
  title: text('职称', 'title'),
  kin_here: text('同住户籍亲属', 'registered kin'),
  land: text('农村土地', 'rural land'),
  arrival_month: text('流入月份', 'month of arrival'),
  mover_age: text('迁入者年龄', 'age of movers'),
}

export const UNIVERSE_WORDS: Record<MarginFit['universe'], Text> = {
  persons: text('本地流动人口(人)', 'persons here'),
  adults: text('本地成人(人)', 'adults here'),
  graduates: text('大专及以上成人(人)', 'adults with college'),
  ruralHeads: text('农业户口家庭(户)', 'rural households'),
  households: text('本地家庭(户)', 'households here'),
  withKin: text('有亲属同住的家庭(户)', 'households with kin'),
  arrivals: text('流入备选家庭(户)', 'households that may arrive'),
  movers: text('常规迁入备选(人)', 'persons who may move in'),
}

export const marginWords = ({ dimensions }: Pick<MarginFit, 'dimensions'>, lang: Lang): string =>
  dimensions.map(name => (DIMENSION_WORDS[name] ?? text(name, name))[lang]).join(' × ')

/** A cell in words: `21-30*female` is "21–30, female". */
export function groupWords(dimensions: readonly string[], group: string, areas: readonly Area[], lang: Lang) {
  return group
    .split('*')
    .map((value, at) => valueWords(dimensions[at], value, areas, lang))
    .join(lang === 'zh' ? '、' : ', ')
}

function valueWords(dimension: string, value: string, areas: readonly Area[], lang: Lang): string {
  const known = { household: COMPOSITION_WORDS, origin: ORIGIN_WORDS, land: LAND_WORDS }[dimension]?.[value]
  if (known) return known[lang]
  if (dimension === 'area') return areas.find(({ id }) => id === value)?.name[lang] ?? value
  if (dimension === 'arrival_month') return lang === 'zh' ? `${value}月` : MONTHS[Number(value) - 1]
  if (dimension === 'work' && value === 'employee') return lang === 'zh' ? '受雇' : 'employee'
  const fact = CORE_FACTS.find(({ name }) => name === dimension)
  if (fact && 'values' in fact.type)
    return fact.valueLabels?.[fact.type.values.indexOf(value)]?.[lang] ?? value
  const band = value.replace('-', '–')
  if (dimension === 'stay') return lang === 'zh' ? `${band}年` : `${band} years`
  return lang === 'zh' ? `${band}岁` : band
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
