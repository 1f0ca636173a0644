/** The project speaks of itself alone: no path of a machine, no address of a package registry. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect, it } from 'vitest'

const SKIPPED = new Set(['node_modules', 'dist', 'runs', 'coverage', '.git'])
const TEXT = /\.(ts|mjs|mts|js|json|yaml|yml|md|csv|html|svg)$|^(LICENSE|run|\.\w+)$/

/** Written in two halves, so that this file does not hold them. */
const FORBIDDEN = [
  ['/wo', 'rk/'],
  ['/ro', 'ot/'],
  ['/ho', 'me/'],
  ['registry', '.npmjs'],
  ['deb.', 'debian.org'],
  ['"resolved', '": "http'],
  ['shared/', 'data'],
  ['shared/', 'vectors'],
].map(halves => halves.join(''))

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !entry.name.endsWith('.partial')) yield* walk(join(folder, entry.name))
    } else if (TEXT.test(entry.name)) yield join(folder, entry.name)
}

it('no file names a machine’s folder or a registry', () => {
  const found = [...walk('.')].flatMap(file => {
    const text = readFileSync(file, 'utf8')
    return FORBIDDEN.filter(word => text.includes(word)).map(word => `${file.split(sep).join('/')}: ${word}`)
  })
  expect(found).toEqual([])
})

it('the walk sees the project', () => {
  expect([...walk('.')]).toContain(join('src', 'cli', 'main.ts'))
  expect(statSync('package-lock.json').size).toBeGreaterThan(1000)
})
