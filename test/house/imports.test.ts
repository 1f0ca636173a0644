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

/** Packages that the sources import, by name. */
const packages = new Set(
  files.flatMap(file => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join('src', file), 'utf8'), true, true)
    return importedFiles
      .map(({ fileName }) => fileName)
      .filter(name => !name.startsWith('.') && !name.startsWith('node:'))
      .map(name =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
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

describe('packages', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>

  it('what is imported is declared, and what is declared is imported', () => {
    expect([...packages].sort()).toEqual(Object.keys(manifest.dependencies).sort())
  })

  it('docs/dependencies.md says of each why it is here', () => {
    const listed = readFileSync(join('docs', 'dependencies.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm)
    const declared = [manifest.dependencies, manifest.devDependencies].flatMap(Object.keys)
    expect([...listed].map(match => match[1]).sort()).toEqual(declared.sort())
  })
})
