/** What a population is made of, as the user names it: a pack or a scenario, a horizon, a seed, values changed by hand. */
import { layer, type Layered } from '../evidence/layered.js'
import { parseMonth, type Horizon, type Month } from '../evidence/month.js'
import { readScenario, type Scenario } from '../experiment/scenario.js'
import type { Pack } from '../pack/pack.js'
import { InputError, type Finding } from '../reading/finding.js'
import { nearest } from '../reading/nearest.js'
import { packFolder, readText, resolveShipped, shippedName, shippedNames } from './files.js'
import { loadPack } from './packs.js'

export interface PopulationSource {
  pack: Pack
  /** The scenario that gave horizon, seed and parameters, if one was named. */
  scenario?: string
  horizon: Horizon
  seed: string
  layered: Layered
}

export interface PopulationChoices {
  seed?: string
  from?: string
  to?: string
  /** `ID=VALUE` */
  settings: string[]
}

/** Ids of the parameters that synthesis reads. */
export const MADE_OF = /^(pop|pool)\./

/**
 * @param name a pack or a scenario, shipped or a path. A pack says nothing of time: its horizon and seed are those of the
 *             first shipped scenario on it, or `from` must be given
 * @throws InputError for whatever is wrong in what was named, `broken-setting`, `override-changes-nothing`,
 *         `wrong-month`, `missing-horizon`
 */
export async function populationSource(name: string, choices: PopulationChoices): Promise<PopulationSource> {
  const named = isPack(name) ? undefined : await scenarioOf(name)
  const pack = await loadPack(named?.pack ?? name)
  const given = named ?? (await scenarioOn(pack.id))
  const findings: Finding[] = []
  const from = monthOf(choices.from, findings) ?? given?.horizon.from
  const to = monthOf(choices.to, findings) ?? (choices.from === undefined ? given?.horizon.to : undefined)
  const settings = choices.settings.flatMap(setting => settingOf(setting, pack, findings))
  if (from === undefined && findings.length === 0) findings.push(missingHorizon(pack.id))
  if (from !== undefined && to !== undefined && to < from) findings.push(backwards)
  if (findings.length > 0) throw new InputError(findings)
  return {
    pack,
    ...(named && { scenario: named.id }),
    horizon: { from: from!, to: to ?? from! },
    seed: choices.seed ?? given?.seed ?? pack.id,
    layered: layer(pack.parameters, [...(named?.parameters ?? []), ...settings]),
  }
}

/** Whether a name is that of a pack, shipped or a folder. */
export function isPack(name: string): boolean {
  try {
    packFolder(name)
    return true
  } catch {
    return false
  }
}

async function scenarioOf(name: string): Promise<Scenario> {
  const places = new Map<string, string>()
  return readScenario(name, async (wanted, beside) => {
    const path = resolveShipped('scenarios', wanted, beside === undefined ? undefined : places.get(beside))
    const file = shippedName(path)
    places.set(file, path)
    return { text: await readText(path), file }
  }).catch((error: unknown) => {
    // Neither a pack nor a scenario: say that a pack would do too.
    if (!(error instanceof InputError) || !error.findings.every(({ file }) => file === name)) throw error
    throw new InputError(
      error.findings.map(finding => ({
        ...finding,
        message: { zh: `没有名为“${name}”的数据包或情景`, en: `There is no pack or scenario "${name}"` },
        nearest: nearest(name, [...shippedNames('scenarios'), 'zhaoqing']),
      })),
    )
  })
}

async function scenarioOn(pack: string): Promise<Scenario | undefined> {
  for (const name of shippedNames('scenarios')) {
    const scenario = await scenarioOf(name)
    if (scenario.pack === pack) return scenario
  }
  return undefined
}

function monthOf(text: string | undefined, findings: Finding[]): Month | undefined {
  const month = text === undefined ? undefined : parseMonth(text)
  if (text !== undefined && month === undefined)
    findings.push({
      severity: 'error',
      code: 'wrong-month',
      message: { zh: `“${text}”不是月份`, en: `"${text}" is no month` },
      expected: { zh: '如 2015-01', en: 'such as 2015-01' },
    })
  return month
}

function settingOf(setting: string, { parameters }: Pack, findings: Finding[]) {
  const [, id, value] = /^([^=]+)=(.*)$/.exec(setting) ?? []
  if (id === undefined)
    findings.push({
      severity: 'error',
      code: 'broken-setting',
      message: { zh: `--set “${setting}”不成形`, en: `--set "${setting}" cannot be read` },
      expected: { zh: '标识=数值,如 pop.together=0.5', en: 'ID=VALUE, such as pop.together=0.5' },
    })
  else if (parameters.some(parameter => parameter.id === id) && !MADE_OF.test(id))
    findings.push({
      severity: 'error',
      code: 'override-changes-nothing',
      message: {
        zh: `“${id}”与合成人口无关,改它不起作用`,
        en: `${id} has no part in making a population: changing it does nothing`,
      },
      expected: { zh: 'pop.… 或 pool.…', en: 'pop.… or pool.…' },
    })
  else return [{ id, value, layer: 'command line' as const }]
  return []
}

const missingHorizon = (pack: string): Finding => ({
  severity: 'error',
  code: 'missing-horizon',
  message: {
    zh: `没有用到数据包“${pack}”的情景,不知道人口是哪一个月的`,
    en: `No scenario uses the pack ${pack}: the month of the population is not known`,
  },
  fix: { zh: '请用 --from 给出,如 --from 2015-01', en: 'Give it with --from, such as --from 2015-01' },
})

const backwards: Finding = {
  severity: 'error',
  code: 'wrong-value',
  message: { zh: '--to 早于 --from', en: '--to lies before --from' },
}
