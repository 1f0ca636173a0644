import { beforeAll, describe, expect, it } from 'vitest'
import { openPlan, rowOf, valuesOf, type PlanSource } from '../../src/experiment/plan.js'
import { monthOf } from '../../src/evidence/month.js'
import { gather } from '../../src/node/experiment.js'
import { InputError, type Finding } from '../../src/reading/finding.js'
import { MEMBERS, toColumns } from '../../src/simulation/calibrated.js'

let source: PlanSource
beforeAll(async () => {
  source = await gather(['points', 'zero-threshold'], { seed: 'plan', replicates: 4, draws: 40, scale: 0.01 })
})

const open = (...settings: string[]) => openPlan({ ...source, settings })

async function refused(changed: Partial<PlanSource>): Promise<Finding[]> {
  try {
    await openPlan({ ...source, ...changed })
  } catch (error) {
    if (error instanceof InputError) return error.findings
    throw error
  }
  throw new Error('it was opened without complaint')
}

describe('a plan', () => {
  it('holds a setting for all scenarios, or for the one that it names', async () => {
    const { scenarios } = await open('edu.switch=0.9', 'zero-threshold:edu.join=0.8')
    expect(scenarios.map(({ layered }) => layered.values.get('edu.switch'))).toEqual([0.9, 0.9])
    const [points, zero] = scenarios.map(({ layered }) => layered.values.get('edu.join'))
    expect(zero).toBe(0.8)
    expect(points).toBe(source.pack.parameters.find(({ id }) => id === 'edu.join')!.value)
    expect(scenarios[1].layered.layers.get('edu.join')).toBe('command line')
  })

  it('amends a policy in every scenario that uses it, or in the one named', async () => {
    const brings = (plan: Awaited<ReturnType<typeof open>>, scenario: number) =>
      plan.scenarios[scenario].timeline[0].series.laws[0].channels.find(({ id }) => id === 'kin')!.brings
    const path = 'policy.guangdong-points.channels.kin.brings=none'
    const all = await open(path)
    expect([brings(all, 0), brings(all, 1)]).toEqual(['none', 'none'])
    const one = await open(`points:${path}`)
    expect([brings(one, 0), brings(one, 1)]).toEqual(['none', 'direct_kin'])
    // What the calibration was fitted to stays as it was, or the change would alter how its flows are read.
    for (const { reference } of [all, one])
      expect(reference.before.laws[0].channels.find(({ id }) => id === 'kin')!.brings).toBe('direct_kin')
  })

  it('warns that a fixed part of a joint draw leaves the others as fitted, and fixes it in every draw', async () => {
    const plan = await open('zero-threshold:apply.lambdaWilling=0.11', 'reform.inForce=2016-04')
    expect(plan.findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['part-of-joint-draw', 'warning'],
      ['part-of-joint-draw', 'warning'],
      ['part-of-joint-draw', 'warning'],
    ])
    for (let d = 0; d < 8; d++) {
      expect(rowOf(plan, plan.scenarios[1], d).lambda).toBe(0.11)
      expect(rowOf(plan, plan.scenarios[0], d).inForce).toBe(monthOf(2016, 4))
    }
    // The rows themselves stay what they were.
    const untouched = await open()
    expect(plan.rows.map(toColumns)).toEqual(untouched.rows.map(toColumns))
    expect(rowOf(plan, plan.scenarios[0], 3).lambda).toBe(rowOf(untouched, untouched.scenarios[0], 3).lambda)
  })

  it('draws each parameter by its name: fixing one moves no other', async () => {
    const [free, fixed] = [await open(), await open('edu.switch=0.9')]
    for (const index of [0, 7]) {
      const [a, b] = [free, fixed].map(plan => valuesOf(plan, plan.scenarios[1], index))
      for (const [id, value] of a) expect(b.get(id), id).toBe(id === 'edu.switch' ? 0.9 : value)
    }
    expect(valuesOf(free, free.scenarios[0], 0).get('edu.switch')).not.toBe(
      valuesOf(free, free.scenarios[0], 1).get('edu.switch'),
    )
  })

  it('gives both scenarios of a replicate the same draw and the same row', async () => {
    const plan = await open()
    for (const index of [0, 1, 5]) {
      const [a, b] = plan.scenarios
      expect(valuesOf(plan, a, index)).toEqual(valuesOf(plan, b, index))
      expect(rowOf(plan, a, index)).toBe(rowOf(plan, b, index))
    }
  })

  it('lets the structural members take turns, and uses no row twice before all of its member are used', async () => {
    const plan = await open()
    const rows = Array.from({ length: 120 }, (_, d) => rowOf(plan, plan.scenarios[0], d))
    rows.forEach((row, d) => expect(row.member).toBe(MEMBERS[d % 4]))
    expect(new Set(rows).size).toBe(120)
  })

  it('with another seed goes through the rows in another order', async () => {
    const other = await openPlan({ ...source, seed: 'other' })
    const plan = await open()
    const rows = (p: typeof plan) => [0, 4, 8, 12].map(d => toColumns(rowOf(p, p.scenarios[0], d)))
    expect(rows(other)).not.toEqual(rows(plan))
  })

  it('leaves what the population is made with at its value', async () => {
    const plan = await open()
    for (const { id, value } of plan.pack.parameters.filter(({ id }) => /^(pop|pool|will|trans)\./.test(id)))
      expect(valuesOf(plan, plan.scenarios[0], 3).get(id), id).toBe(value)
  })
})

describe('a plan that cannot be', () => {
  it.each([
    ['edu.swich=0.5', 'unknown-parameter', 'edu.switch'],
    ['zero-treshold:edu.switch=0.5', 'unknown-scenario', 'zero-threshold'],
    ['policy.guangdong-point.channels.kin.brings=none', 'unknown-policy', 'guangdong-points'],
    ['policy.guangdong-points.channels.kim.brings=none', 'unknown-path', 'kin'],
  ])('%s: the nearest name is given', async (setting, code, nearest) => {
    const [finding] = await refused({ settings: [setting] })
    expect(finding.code).toBe(code)
    expect(finding.nearest).toContain(nearest)
  })

  it.each([
    ['edu.switch', 'broken-setting'],
    ['edu.switch=many', 'wrong-value'],
    ['edu.switch=2', 'outside-support'],
    ['moves.size=50', 'only-calibration'],
  ])('%s is %s', async (setting, code) => {
    expect((await refused({ settings: [setting] })).map(finding => finding.code)).toContain(code)
  })

  it('has an override that changes nothing', async () => {
    const { value } = source.pack.parameters.find(({ id }) => id === 'edu.switch')!
    expect(await refused({ settings: [`edu.switch=${value}`] })).toMatchObject([
      { code: 'override-changes-nothing' },
    ])
  })

  it('pairs scenarios of two horizons or packs: each mismatch is said', async () => {
    const [a, b] = source.scenarios
    const horizon = { from: a.horizon.from, to: a.horizon.to - 1 }
    expect(await refused({ scenarios: [a, { ...b, horizon }] })).toMatchObject([{ code: 'scenarios-differ' }])
    const codes = (await refused({ scenarios: [a, { ...b, horizon, pack: 'other' }] })).map(
      ({ code }) => code,
    )
    expect(codes).toEqual(['scenarios-differ', 'scenarios-differ'])
  })

  it('stands on a pack that was never calibrated', async () => {
    const bare = { ...source.pack, calibrated: undefined }
    expect(await refused({ pack: bare })).toMatchObject([{ code: 'not-calibrated' }])
  })

  it('gives the population a parameter that differs between scenarios', async () => {
    expect(await refused({ settings: ['zero-threshold:pop.kinHere=0.3'] })).toMatchObject([
      { code: 'scenarios-differ' },
    ])
  })
})

describe('a plan whose policies ask for what is not there', () => {
  /** The plan with a part added to the reform's policy, and perhaps a condition changed in it. */
  const withReform = (part: string, condition?: string): Partial<PlanSource> => ({
    policies: Object.fromEntries(
      Object.entries(source.policies).map(([key, { text, file }]) => [
        key,
        file.includes('zero-threshold.yaml')
          ? {
              file,
              text: `${condition ? text.replace(/when: work == .*/, `when: ${condition}`) : text}\n${part}\n`,
            }
          : { text, file },
      ]),
    ),
  })

  it('names a fact that nobody supplies, where it is declared, and every rule that needs it, once', async () => {
    const changed = withReform(
      'facts: { capital: { type: number }, rich: { type: boolean, is: capital >= 1000 } }',
      'rich',
    )
    const findings = await refused(changed)
    expect(findings).toMatchObject([{ code: 'unsupplied-fact' }])
    const [{ message, fix, line, file }] = findings
    expect(message.en).toContain('capital')
    expect(message.en).toContain('channels.invest.when')
    expect(fix).toBeDefined()
    expect(file).toContain('zhaoqing-zero-threshold.yaml')
    const text = Object.values(changed.policies!).find(policy => policy.file === file)!.text
    expect(text.split('\n')[line! - 1]).toMatch(/^facts:/)
  })

  it('opens once the fact is assumed, or no rule needs it', async () => {
    const idle = withReform('facts: { capital: { type: number } }')
    expect((await openPlan({ ...source, ...idle })).findings).toEqual([])
    const assumed = withReform(
      'facts: { rich: { type: boolean, assume: { shares: { "true": 0.1 } } } }',
      'rich',
    )
    expect((await openPlan({ ...source, ...assumed })).findings).toEqual([])
  })

  it('names the nearest channel where rights are to one that the policy before never had', async () => {
    const [finding] = await refused(withReform('legacy: { point: { clause: c, months: 12, who: applied } }'))
    expect(finding).toMatchObject({ code: 'unknown-channel', nearest: 'points' })
    expect(finding.line).toBeGreaterThan(1)
    const known = withReform('legacy: { points: { clause: c, months: 12, who: applied } }')
    expect((await openPlan({ ...source, ...known })).findings).toEqual([])
  })

  it('warns of rights in the rules with which the horizon begins: where, and the way out', async () => {
    const { policies } = withReform('legacy: { points: { clause: c, months: 12, who: applied } }')
    const [points, zero] = source.scenarios
    const alone = { ...zero, policy: [{ ...zero.policy[1], from: zero.horizon.from }] }
    const { findings } = await openPlan({ ...source, policies: policies!, scenarios: [points, alone] })
    expect(findings).toMatchObject([{ severity: 'warning', code: 'idle-right' }])
    const [{ file, line, message, fix }] = findings
    expect(file).toContain('zhaoqing-zero-threshold.yaml')
    const text = Object.values(policies!).find(policy => policy.file === file)!.text
    expect(text.split('\n')[line! - 1]).toMatch(/^legacy:/)
    expect(message.en).toContain('legacy.points')
    expect(fix).toBeDefined()
  })

  it('takes a right to a channel of its own that the rules grant on a later date', async () => {
    const dated = (channel: string) =>
      withReform(`legacy: { ${channel}: { 2018-01-01: { clause: c, months: 12, who: qualified } } }`)
    // `invest` the rules before never had.
    expect((await openPlan({ ...source, ...dated('invest') })).findings).toEqual([])
    const zero = source.scenarios[1]
    const alone = { ...zero, policy: [{ ...zero.policy[1], from: zero.horizon.from }] }
    const first = { ...source, scenarios: [source.scenarios[0], alone] }
    expect((await openPlan({ ...first, ...dated('invest') })).findings).toEqual([])
    expect(await refused({ ...first, ...dated('invert') })).toMatchObject([
      { code: 'unknown-channel', nearest: 'invest' },
    ])
  })
})
