/** The facts that the two policies declare: what gives them their values. */
import type { Text } from '../../reading/text.js'
import type { DeclaredFact } from '../supply.js'
import { plainNumber, valueWords } from '../words.js'
import { affix, change, joined, paired, type Change } from './change.js'
import type { Ground, Side } from './ground.js'

export function factChanges(sides: readonly [Side, Side], ground: Ground): Change[] {
  const [a, b] = sides.map(side =>
    Object.fromEntries(side.law.declared.map(fact => [side.law.facts[fact.slot].name, { fact, side }])),
  )
  return paired(a, b).flatMap(([name, x, y]): Change[] => {
    const own = (y ?? x)!
    const [before, after] = [x, y].map(given => given && supplyWords(given.fact, given.side, ground))
    // On common ground a fact that both mean the same by has one slot.
    if (x && y && slotOf(x) === slotOf(y)) return []
    return [
      change({
        part: 'fact',
        name,
        subject: own.side.law.facts[own.fact.slot].label,
        before,
        after,
        effect: x && y ? 'unclear' : 'none',
      }),
    ]
  })
}

const slotOf = ({ fact, side }: { fact: DeclaredFact; side: Side }): number => {
  const expression = side.common({ op: 'fact', slot: fact.slot })
  return expression.op === 'fact' ? expression.slot : -1
}

function supplyWords(fact: DeclaredFact, side: Side, ground: Ground): Text {
  switch (fact.kind) {
    case 'column':
      return { zh: '只能由名单的一列给出', en: 'given by a column of a file alone' }
    case 'computed': {
      const { zh, en } = ground.say(side.common(fact.expression))
      return { zh: `由“${zh}”得出`, en: `made of: ${en}` }
    }
    case 'window':
      return { zh: `近 ${fact.months} 个月内参保月数`, en: `months insured among the last ${fact.months}` }
    case 'assumed': {
      const shares = fact.shares.map(({ value, share }) =>
        affix(valueWords(side.law.facts[fact.slot], value), ` ${plainNumber(share * 100)}%`),
      )
      return joined([{ zh: '假定占比 ', en: 'assumed shares ' }, joined(shares, '、', ', ')], '', '')
    }
  }
}
