/**
 * npm run bench: speeds as ratios within one run, since the machine is shared and noisy. Each pair is run interleaved,
 * at least three times; medians are printed.
 *   --only NAME   one workload: reference, policy, raking, import, start-up, compare, full-scale
 *   --persons N   size of the reference workload (default 1,000,000)
 *   --format json the rows as one JSON document
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { seedKey } from '../src/evidence/luck.js'
import type { Population } from '../src/population/population.js'
import { CORE_FACTS } from '../src/policy/facts.js'
import { readPolicy } from '../src/policy/read.js'
import { resolveShipped } from '../src/node/files.js'
import { loadPack } from '../src/node/packs.js'
import { parseAlone, writePersons } from './persons.js'
import { AT, blank, byWalking, columnsOf, drawRows, lawOf, overColumns } from './policy.js'
import { CELLS, denseTable, hold, LEVELS, plainDense, sparse, sparseProblem } from './raking.js'
import { columnBytes, synthesisOf } from './synthesis.js'
import { kernelLoop, MONTHS, plainLoop, rowsOf } from './reference.js'

interface Row {
  name: string
  persons: number
  months: number
  personMonthsPerSecond: number
  against: string
  ratio: number
  peakBytes: number
  seconds?: number
  counts?: Record<string, number>
  /** Of the columns of a simulation. */
  bytesPerPerson?: number
}

const { values } = parseArgs({
  options: {
    ...{ only: { type: 'string' }, persons: { type: 'string' }, format: { type: 'string' } },
    // Given by this program to its own children.
    ...{ hold: { type: 'string' }, parse: { type: 'string' } },
  },
})
const persons = Number(values.persons ?? 1_000_000)
const ROUNDS = 3
const POLICY_ROUNDS = 5

const median = (x: number[]): number => [...x].sort((a, b) => a - b)[Math.floor(x.length / 2)]
const timed = (work: () => unknown): number => {
  const start = performance.now()
  work()
  return (performance.now() - start) / 1000
}
const peak = () => process.resourceUsage().maxRSS * 1024

function reference(): Row[] {
  const plain: number[] = []
  const kernel: number[] = []
  let counts = {}
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(timed(() => plainLoop(persons, round + 1)))
    kernel.push(timed(() => (counts = rowsOf(kernelLoop(persons, seedKey(`bench ${round}`))))))
  }
  const row = { persons, months: MONTHS, against: 'plain monthly loop', peakBytes: peak() }
  const speed = (seconds: number[]) => (persons * MONTHS) / median(seconds)
  return [
    {
      ...row,
      name: 'reference',
      personMonthsPerSecond: speed(kernel),
      ratio: median(plain) / median(kernel),
      seconds: median(kernel),
      counts,
    },
    {
      ...row,
      name: 'reference, plain monthly loop',
      personMonthsPerSecond: speed(plain),
      ratio: 1,
      seconds: median(plain),
    },
  ]
}

async function policy(): Promise<Row[]> {
  return [...overRows(), ...(await evaluation('CSV', '')), ...(await evaluation('quoted CSV', '"'))]
}

const GUANGDONG = resolveShipped('policies', 'guangdong-points')
const guangdong = () => readPolicy(readFileSync(GUANGDONG, 'utf8'), GUANGDONG)

/** Persons judged by the whole Guangdong table: over columns, and by a walk over the typed tree for each of them. */
function overRows(): Row[] {
  const rules = guangdong()
  const law = lawOf(rules)
  const people = drawRows(rules.facts, persons)
  const columns = columnsOf(rules.facts, people)
  const [walked, judged] = [blank(law, persons), blank(law, persons)]
  const walk: number[] = []
  const over: number[] = []
  for (let round = 0; round < POLICY_ROUNDS; round++) {
    walk.push(timed(() => byWalking(law, people, walked)))
    over.push(timed(() => overColumns(law, rules.facts, columns, judged)))
  }
  for (const [k, score] of walked.score.entries())
    if (score.some((points, person) => !Object.is(points + 0, judged.score[k][person] + 0)))
      throw new Error(`both ways differ in the score of ${law.channels[k].id}`)
  const row = { persons, months: 1, against: 'walk of the tree', peakBytes: peak() }
  const speed = (seconds: number[]) => persons / median(seconds)
  return [
    {
      ...row,
      name: 'policy over columns',
      personMonthsPerSecond: speed(over),
      ratio: median(walk) / median(over),
      seconds: median(over),
    },
    {
      ...row,
      name: 'policy, walk of the tree',
      personMonthsPerSecond: speed(walk),
      ratio: 1,
      seconds: median(walk),
    },
  ]
}

/** `policy evaluate` from file to file. */
const evaluation = (form: string, quote: '' | '"') =>
  besideParser(`policy evaluate, ${form}`, quote, (_, file) => [
    'policy',
    'evaluate',
    GUANGDONG,
    '--at',
    AT,
    '--persons',
    file,
  ])

/** `pack import` of a file of persons, ids hashed. */
const importing = () =>
  besideParser('pack import', '', (folder, file) => {
    const map = join(folder, 'map.yaml')
    writeFileSync(map, 'holding: { sihui: without }\n')
    return ['pack', 'import', file, '--as', 'persons', '--quiet', '--map', map]
  })

/**
 * A verb that reads a file of persons, beside the CSV parser that reads the same file and does nothing with it. Both are
 * programs of their own, and their seconds are those of the processor: half a minute on a shared machine tells who else
 * was there.
 */
async function besideParser(
  name: string,
  quote: '' | '"',
  words: (folder: string, file: string) => string[],
): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'menkan-bench-'))
  const file = join(folder, 'persons.csv')
  try {
    writePersons(file, CORE_FACTS, (await loadPack('zhaoqing')).areas, drawRows(CORE_FACTS, persons), quote)
    const verb = words(folder, file)
    const alone: Child[] = []
    const whole: Child[] = []
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(child([fileURLToPath(import.meta.url), '--parse', file]))
      whole.push(child([program, ...verb, '--out', join(folder, `${round}.csv`)]))
    }
    const seconds = (runs: Child[]) => median(runs.map(({ cpuSeconds }) => cpuSeconds))
    const row = (name: string, runs: Child[]) => ({
      name,
      persons,
      months: 1,
      personMonthsPerSecond: persons / seconds(runs),
      against: 'csv-parse alone',
      ratio: seconds(runs) / seconds(alone),
      peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
      seconds: seconds(runs),
    })
    return [row(name, whole), row('csv-parse alone', alone)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url))

/** Loaded into a child before its program: at its end it tells its greatest memory and the processor's seconds. */
const USED = `data:text/javascript,process.on('exit',()=>{const{maxRSS,userCPUTime,systemCPUTime}=process.resourceUsage();process.stderr.write('used '+maxRSS*1024+' '+(userCPUTime+systemCPUTime)/1e6)})`

interface Child {
  seconds: number
  cpuSeconds: number
  peakBytes: number
}

/** A whole program as a child: its time, the processor's, and its greatest memory. */
function child(args: string[]): Child {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--import', USED, ...args], { encoding: 'utf8' })
  if (status !== 0 && status !== 3) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  const [, peakBytes, cpuSeconds] = /used (\d+) ([\d.]+)/.exec(stderr) ?? [0, 0, 0]
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: Number(cpuSeconds),
    peakBytes: Number(peakBytes),
  }
}

/** `menkan --help` against an empty program of Node. */
function startUp(): Row[] {
  const empty: number[] = []
  const help: number[] = []
  let peakBytes = 0
  for (let round = 0; round < 11; round++) {
    empty.push(child(['-e', '0']).seconds)
    const run = child([program, '--help'])
    help.push(run.seconds)
    peakBytes = Math.max(peakBytes, run.peakBytes)
  }
  const row = { persons: 0, months: 0, personMonthsPerSecond: 0, against: 'node -e 0' }
  return [{ ...row, name: 'start-up', ratio: median(help) / median(empty), peakBytes, seconds: median(help) }]
}

/** The whole compare, into a folder that is thrown away. The ratio is its seconds against the time it is given. */
function compare(name: string, allowed: number, args: string[]): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'menkan-bench-'))
  try {
    const { seconds, peakBytes } = child([
      program,
      'compare',
      '--quiet',
      '--format',
      'json',
      '--out',
      join(folder, 'run'),
      ...args,
    ])
    const { counts } = JSON.parse(readFileSync(join(folder, 'run', 'manifest.json'), 'utf8')) as {
      counts: { persons: number; months: number; runs: number }
    }
    const work = counts.persons * counts.months * counts.runs
    return [
      {
        name,
        persons: counts.persons,
        months: counts.months,
        personMonthsPerSecond: work / seconds,
        against: `${allowed} s allowed`,
        ratio: seconds / allowed,
        peakBytes,
        seconds,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Ten margins over the cells that records have, and over the whole table; then the largest problem that each can hold. */
function raking(): Row[] {
  const { problem, positions } = sparseProblem(CELLS, LEVELS)
  const over: number[] = []
  const whole: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const table = denseTable(problem, positions, LEVELS)
    whole.push(timed(() => plainDense(table, problem.totals, LEVELS, 1000)))
    let weights = problem.base
    over.push(timed(() => (weights = sparse(problem).weights)))
    for (const [i, weight] of weights.entries())
      if (Math.abs(weight - table[positions[i]]) > 1e-5 * weight)
        throw new Error('both ways differ in a cell')
  }
  const row = {
    persons: 0,
    months: 0,
    personMonthsPerSecond: 0,
    against: 'plain dense table',
    peakBytes: peak(),
  }
  const fitted: Row[] = [
    {
      ...row,
      name: `raking, ${CELLS} cells of ${LEVELS}^10`,
      ratio: median(whole) / median(over),
      seconds: median(over),
    },
    { ...row, name: `raking, the whole of ${LEVELS}^10`, ratio: 1, seconds: median(whole) },
  ]
  return [...fitted, ...largest('sparse', [1e6, 1e7]), ...largest('dense', [5, 6, 7])]
}

/** The largest of these sizes that a process of its own gets through. */
function largest(kind: string, sizes: number[]): Row[] {
  const rows: Row[] = []
  for (const size of sizes)
    try {
      const { seconds, peakBytes } = child([fileURLToPath(import.meta.url), '--hold', `${kind} ${size}`])
      const name =
        kind === 'sparse' ? `raking holds ${size} cells of 20^10` : `plain dense table holds ${size}^10`
      rows[0] = {
        ...{ name, persons: 0, months: 0, personMonthsPerSecond: 0, against: 'itself', ratio: 1 },
        seconds,
        peakBytes,
      }
    } catch {
      break
    }
  return rows
}

/** A population from margins, on one thread. */
async function synthesis(): Promise<Row[]> {
  const make = await synthesisOf(persons)
  const seconds: number[] = []
  let made!: Population
  seconds.push(timed(() => (made = make())))
  // Later rounds hold the one before besides.
  const peakBytes = peak()
  while (seconds.length < ROUNDS) seconds.push(timed(() => (made = make())))
  const count = made.persons.count
  const allowed = count / 1e5
  return [
    {
      name: 'synthesis',
      persons: count,
      months: 1,
      personMonthsPerSecond: count / median(seconds),
      against: `${Number(allowed.toPrecision(3))} s allowed`,
      ratio: median(seconds) / allowed,
      peakBytes,
      seconds: median(seconds),
      bytesPerPerson: columnBytes(made) / count,
    },
  ]
}

const WORKLOADS: Record<string, () => Row[] | Promise<Row[]>> = {
  reference,
  policy,
  raking,
  import: importing,
  'start-up': startUp,
  compare: () => compare('compare', 60, []),
  // Not part of the plain `npm run bench`: its memory could not be told from that of the others. --only synthesis
  synthesis,
  // Nor is this: minutes. --only full-scale
  'full-scale': () => compare('full-scale', 240, ['--scale', '1', '--replicates', '50']),
}

if (values.hold) {
  const [kind, size] = values.hold.split(' ')
  hold(kind, Number(size))
  process.exit(0)
}

if (values.parse !== undefined) {
  await parseAlone(values.parse)
  process.exit()
}
const chosen = values.only === undefined ? ['reference', 'policy', 'start-up', 'compare'] : [values.only]
const rows: Row[] = []
for (const name of chosen) {
  const workload = WORKLOADS[name]
  if (!workload) throw new Error(`no workload ${name}; there are ${Object.keys(WORKLOADS).join(', ')}`)
  rows.push(...(await workload()))
}
if (values.format === 'json') console.log(JSON.stringify(rows, null, 2))
else
  for (const {
    name,
    persons,
    personMonthsPerSecond,
    against,
    ratio,
    peakBytes,
    seconds,
    bytesPerPerson,
  } of rows)
    console.log(
      [
        name.padEnd(30),
        persons ? `${persons.toLocaleString('en')} persons` : '',
        personMonthsPerSecond ? `${(personMonthsPerSecond / 1e6).toFixed(1)} M person-months/s` : '',
        `${seconds!.toFixed(3)} s`,
        `${ratio.toFixed(2)} × ${against}`,
        `peak ${Math.round(peakBytes / 2 ** 20)} MiB`,
        bytesPerPerson ? `${bytesPerPerson.toFixed(1)} bytes a person` : '',
      ]
        .filter(Boolean)
        .join('  '),
    )
