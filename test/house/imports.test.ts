/** The rooms stand in a row and look one way only; no file looks back at itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const ROOMS = [
  ...['reading', 'evidence', 'pack', 'policy', 'population', 'simulation', 'services', 'results'],
  ...['experiment', 'calibration', 'report', 'node', 'web', 'cli'],
]

/** Plain data that an earlier room may know. */
const SHARED = new Set(['results/table.ts'])

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map(file => file.split(sep).join('/'))
  .filter(file => file.endsWith('.ts'))
  .sort()

/** Imports of other source files, `import()` and types included. */
const imports = new Map(
  files.map(file => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join('src', file), 'utf8'), true, true)
    const own = importedFiles.map(({ fileName }) => fileName).filter(name => name.startsWith('.'))
    return [
      file,
      own.map(name =>
        normalize(join(dirname(file), name))
          .split(sep)
          .join('/')
          .replace(/\.js$/, '.ts'),
      ),
    ]
  }),
)

const room = (file: string) => file.split('/')[0]

describe('imports', () => {
  it('each file stands in a room, or is index.ts', () => {
    expect(files.filter(file => file !== 'index.ts' && !ROOMS.includes(room(file)))).toEqual([])
  })

  it('go up the list of rooms only', () => {
    const wrong = [...imports].flatMap(([file, targets]) =>
      file === 'index.ts'
        ? []
        : targets
            .filter(target => ROOMS.indexOf(room(target)) > ROOMS.indexOf(room(file)) && !SHARED.has(target))
            .map(target => `${file} → ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('what an earlier room may know imports nothing of its own room', () => {
    for (const file of SHARED)
      expect(imports.get(file)?.filter(target => room(target) === room(file))).toEqual([])
  })

  it('the page uses nothing of node/, and no service knows another', () => {
    const service = (file: string) => /^services\/([^/]+)\//.exec(file)?.[1]
    const wrong = [...imports].flatMap(([file, targets]) =>
      targets
        .filter(
          target =>
            (room(file) === 'web' && room(target) === 'node') ||
            (service(file) && service(target) && service(file) !== service(target)),
        )
        .map(target => `${file} → ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('run in no circle', () => {
    expect(circle(imports)).toBeUndefined()
  })

  it('a circle would be found', () => {
    const three = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
    ])
    expect(circle(three)).toEqual(['a', 'b', 'c', 'a'])
  })
})

/** The first circle found, from a file back to itself. */
function circle(graph: ReadonlyMap<string, string[]>): string[] | undefined {
  const cleared = new Set<string>()
  function follow(file: string, path: string[]): string[] | undefined {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (cleared.has(file)) return undefined
    for (const target of graph.get(file) ?? []) {
      const found = follow(target, [...path, file])
      if (found) return found
    }
    cleared.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const found = follow(file, [])
    if (found) return found
  }
  return undefined
}
