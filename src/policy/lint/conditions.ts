/** Conditions that never hold, always hold or follow from others; channels that nobody can pass. */
import type { Text } from '../../reading/text.js'
import type { Expression } from '../expression/check.js'
import { yes, type People } from '../people.js'
import type { CompiledChannel } from '../policy.js'
import { idleParts, idleWithin, type Idle } from './idle.js'
import { at, gatesOf, list, passersOf, quoted, say, type Doubt, type Scene } from './scene.js'

export function conditionDoubts(scene: Scene): Doubt[] {
  return [...scene.law.channels.flatMap(channel => gateDoubts(channel, scene)), ...factDoubts(scene)]
}

function gateDoubts(channel: CompiledChannel, scene: Scene): Doubt[] {
  const { everybody } = scene
  const gates = gatesOf(channel)
  const expressions = gates.map(({ expression }) => expression)
  const written = (expression: Expression) => quoted(say(expression, scene))
  /** What the author wrote: a veto stands in the law as its negation. */
  const own = (gate: (typeof gates)[number]) => {
    const { expression, kind } = gate
    return kind === 'veto' && expression.op === '!' ? expression.of : expression
  }
  if (!passersOf(channel, scene)) {
    const alone = gates.filter(({ expression }) => everybody.none(expression))
    if (alone.length > 0)
      return alone.map(gate => {
        const [{ zh, en }, veto] = [written(own(gate)), gate.kind === 'veto']
        return {
          severity: 'warning',
          code: 'never-true',
          path: gate.path,
          index: gate.index,
          message: at(channel.title, {
            zh: veto ? `否决条件${zh}人人符合,无人能走此渠道` : `${zh}永远不成立,无人能走此渠道`,
            en: veto
              ? `the veto ${en} holds for everybody, so nobody can pass`
              : `${en} can never hold, so nobody can pass`,
          }),
        }
      })
    let clash = gates
    for (const gate of gates) {
      const fewer = clash.filter(kept => kept !== gate)
      if (!everybody.who(fewer.map(({ expression }) => yes(expression)))) clash = fewer
    }
    const words = list(clash.map(({ expression }) => written(expression)))
    return [
      {
        severity: 'warning',
        code: 'channel-never-open',
        path: clash[0].path,
        index: clash[0].index,
        message: at(channel.title, {
          zh: `${words.zh}不能同时成立,无人能走此渠道`,
          en: `${words.en} cannot all hold, so nobody can pass`,
        }),
      },
    ]
  }
  const inner: Doubt[] = []
  const idle = idleParts(expressions, '&&', everybody, (part, among) =>
    inner.push(...withinDoubts(expressions[part], among, channel.title, gates[part], scene)),
  )
  const outer = idle.map(({ part, because }): Doubt => {
    const gate = gates[part]
    const { zh, en } = written(own(gate))
    const reasons = list(because.map(written))
    const [code, message]: [string, Text] =
      because.length > 0
        ? [
            'implied-condition',
            gate.kind === 'veto'
              ? {
                  zh: `否决条件${zh}不会出现,因为已要求${reasons.zh}`,
                  en: `the veto ${en} cannot hold where ${reasons.en} is asked already`,
                }
              : {
                  zh: `${zh}不必写:${reasons.zh}成立时它必成立`,
                  en: `${en} adds nothing: it follows from ${reasons.en}`,
                },
          ]
        : gate.kind === 'veto'
          ? ['veto-never-holds', { zh: `否决条件${zh}永远不成立`, en: `the veto ${en} can never hold` }]
          : ['always-true', { zh: `${zh}对所有人都成立`, en: `${en} holds for everybody` }]
    return {
      severity: 'warning',
      code,
      path: gate.path,
      index: gate.index,
      message: at(channel.title, message),
    }
  })
  return [...outer, ...inner]
}

interface Placed {
  path: readonly string[]
  index?: number
}

/** What is idle inside an expression that itself is not. @param where what the message begins with */
export function withinDoubts(
  expression: Expression,
  people: People,
  where: Text,
  { path, index }: Placed,
  scene: Scene,
): Doubt[] {
  return idleWithin(expression, people).map(idle => ({
    severity: 'warning',
    path,
    index,
    code: CODES[idle.kind],
    message: at(where, wordsOf(idle, scene)),
  }))
}

/** A condition that decides something of its own (a guard, a fact): is it ever open, and what in it is idle? */
export function decisionDoubts(
  expression: Expression,
  people: People,
  where: Text,
  place: Placed,
  scene: Scene,
): Doubt[] {
  const { zh, en } = quoted(say(expression, scene))
  const doubt = (code: string, message: Text): Doubt[] => [
    { severity: 'warning', code, ...place, message: at(where, message) },
  ]
  if (people.none(expression))
    return doubt('never-true', { zh: `${zh}永远不成立`, en: `${en} can never hold` })
  if (people.decides(expression) && people.all(expression))
    return doubt('always-true', { zh: `${zh}对所有人都成立`, en: `${en} holds for everybody` })
  return withinDoubts(expression, people, where, place, scene)
}

const CODES: Record<Idle['kind'], string> = {
  implied: 'implied-condition',
  branch: 'idle-branch',
  choice: 'idle-choice',
  argument: 'idle-argument',
}

function wordsOf(idle: Idle, scene: Scene): Text {
  const { zh, en } = quoted(say(idle.part, scene))
  switch (idle.kind) {
    case 'choice':
      return idle.holds
        ? {
            zh: `${zh}在此处总是成立,“否则”的一支不会用到`,
            en: `${en} always holds here, so the "else" is never used`,
          }
        : {
            zh: `${zh}在此处永不成立,“则”的一支不会用到`,
            en: `${en} never holds here, so what follows it is never used`,
          }
    case 'argument':
      return idle.op === 'min'
        ? { zh: `${zh}从不是最低者,不必写`, en: `${en} is never the lowest and can be left out` }
        : { zh: `${zh}从不是最高者,不必写`, en: `${en} is never the highest and can be left out` }
    default: {
      const reasons = list(idle.because.map(reason => quoted(say(reason, scene))))
      if (idle.kind === 'implied')
        return idle.because.length > 0
          ? {
              zh: `${zh}不必写:${reasons.zh}成立时它必成立`,
              en: `${en} adds nothing: it follows from ${reasons.en}`,
            }
          : { zh: `${zh}在此处总是成立`, en: `${en} always holds here` }
      return idle.because.length > 0
        ? {
            zh: `“或”中的${zh}不必写:已包含在${reasons.zh}之内`,
            en: `the alternative ${en} adds nothing to ${reasons.en}`,
          }
        : { zh: `“或”中的${zh}在此处永不成立`, en: `the alternative ${en} can never hold here` }
    }
  }
}

/** Facts made of other facts. */
function factDoubts(scene: Scene): Doubt[] {
  const { law, policy, everybody } = scene
  return law.declared.flatMap((fact): Doubt[] => {
    if (fact.kind !== 'computed') return []
    const { name, label, type } = policy.facts[fact.slot]
    const path = ['facts', name, 'is']
    return type.kind === 'boolean'
      ? decisionDoubts(fact.expression, everybody, label, { path }, scene)
      : withinDoubts(fact.expression, everybody, label, { path }, scene)
  })
}
