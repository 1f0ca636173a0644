/** Channels that another one makes idle: whoever passes the one passes the other and brings at least the same kin. */
import { containsChannel } from '../containment.js'
import type { CompiledChannel } from '../policy.js'
import { isKnown, totalPoints } from './reach.js'
import { at, gatesOf, passersOf, quoted, type Doubt, type Scene } from './scene.js'

export function channelDoubts(scene: Scene): Doubt[] {
  const { channels } = scene.law
  return channels.flatMap((inner, i): Doubt[] => {
    const wider = channels.find(
      // Of two that let in the same persons the later one is told of.
      (outer, j) => i !== j && isWithin(inner, outer, scene) && !(j > i && isWithin(outer, inner, scene)),
    )
    if (!wider) return []
    const { zh, en } = quoted(wider.title)
    return [
      {
        // Laws do name a group of its own that another one holds already, as students are self-sufficient.
        severity: 'note',
        code: 'implied-channel',
        path: ['channels', inner.id],
        message: at(inner.title, {
          zh: `能走此渠道的人都能走${zh},且随迁范围不小于此`,
          en: `whoever passes also passes ${en}, which brings at least the same kin`,
        }),
      },
    ]
  })
}

function isWithin(inner: CompiledChannel, outer: CompiledChannel, scene: Scene): boolean {
  const people = passersOf(inner, scene)
  if (!people) return false
  return containsChannel(inner, outer, {
    conditions: () =>
      gatesOf(outer).every(({ expression }) => people.decides(expression) && people.all(expression)),
    points: ({ tree, atLeast }) => isKnown(tree, people) && totalPoints(tree, people).from >= atLeast,
  })
}
