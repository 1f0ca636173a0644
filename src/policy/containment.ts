/**
 * Does one law let in everybody whom another lets in, as far as its text shows? For the sign of a difference that is
 * "by construction" and for the monotone law. Sound, not complete: what is not plainly so is `false`.
 */
import type { Expression } from './expression/check.js'
import { SCOPES, type CompiledChannel, type Law } from './policy.js'

/**
 * True only where every channel of `inner` is in `outer` too (by id), there brings at least the same kin, and each of
 * its conditions follows from one of inner's (the same, a disjunction with more in it, a lower threshold, a longer
 * list); points with the same ledger, at most the same threshold, and no quota or rounds.
 */
export function contains(inner: Law, outer: Law): boolean {
  return inner.channels.every(channel => {
    const wider = outer.channels.find(({ id }) => id === channel.id)
    return wider !== undefined && containsChannel(channel, wider)
  })
}

/** Another way than the plain text to know that who passes one channel passes another. */
export interface Proof {
  /** Every condition of the outer channel holds for whoever meets those of the inner one. */
  conditions(): boolean
  /** So does its threshold. */
  points(points: NonNullable<CompiledChannel['points']>): boolean
}

/** Does whoever passes `inner` pass `outer`, and bring at least the same kin? */
export function containsChannel(inner: CompiledChannel, outer: CompiledChannel, proof?: Proof): boolean {
  if (SCOPES.indexOf(outer.brings) < SCOPES.indexOf(inner.brings) || outer.rounds) return false
  if (outer.points && !scoresAsMuch(inner.points, outer.points) && !proof?.points(outer.points)) return false
  if (proof) return proof.conditions()
  const given = inner.conditions.flatMap(({ expression }) => expression ?? [])
  const asked = outer.conditions.flatMap(({ expression }) => expression ?? [])
  return asked.every(condition => given.some(known => implies(known, condition)))
}

const scoresAsMuch = (inner: CompiledChannel['points'], outer: NonNullable<CompiledChannel['points']>) =>
  inner !== undefined && inner.fingerprint === outer.fingerprint && outer.atLeast <= inner.atLeast

function implies(a: Expression, b: Expression): boolean {
  if (JSON.stringify(a) === JSON.stringify(b)) return true
  if (b.op === '&&') return implies(a, b.left) && implies(a, b.right)
  if (a.op === '||') return implies(a.left, b) && implies(a.right, b)
  if (a.op === '&&') return implies(a.left, b) || implies(a.right, b)
  if (b.op === '||') return implies(a, b.left) || implies(a, b.right)
  const [left, right] = [half(a), half(b)]
  return left !== undefined && right !== undefined && left.of === right.of && within(left, right)
}

/** A comparison of anything with numbers: the same thing within a range, or among some values. */
interface Half {
  of: string
  from?: { value: number; open: boolean }
  to?: { value: number; open: boolean }
  among?: number[]
}

function half(e: Expression): Half | undefined {
  if (e.op === 'in') return { of: JSON.stringify(e.of), among: e.values }
  if (!('left' in e) || e.right.op !== 'constant') return undefined
  const [of, value] = [JSON.stringify(e.left), e.right.value]
  switch (e.op) {
    case '==':
      return { of, among: [value] }
    case '>':
    case '>=':
      return { of, from: { value, open: e.op === '>' } }
    case '<':
    case '<=':
      return { of, to: { value, open: e.op === '<' } }
    default:
      return undefined
  }
}

function within(a: Half, b: Half): boolean {
  if (a.among) return a.among.every(value => admits(b, value))
  if (b.among) return false
  if (
    b.from &&
    !(
      a.from &&
      (a.from.value > b.from.value || (a.from.value === b.from.value && (a.from.open || !b.from.open)))
    )
  )
    return false
  if (
    b.to &&
    !(a.to && (a.to.value < b.to.value || (a.to.value === b.to.value && (a.to.open || !b.to.open))))
  )
    return false
  return true
}

function admits({ from, to, among }: Half, value: number): boolean {
  if (among) return among.includes(value)
  if (from && !(from.open ? value > from.value : value >= from.value)) return false
  return !(to && !(to.open ? value < to.value : value <= to.value))
}
