import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' }).filter(file =>
  file.endsWith('.ts'),
)

it('docs/findings.md lists every code that the program may give', () => {
  const listed = readFileSync(new URL('docs/findings.md', root), 'utf8')
  const codes = sources.flatMap(file =>
    [...readFileSync(new URL(`src/${file}`, root), 'utf8').matchAll(/code: '([a-z]+(?:-[a-z]+)+)'/g)].map(
      match => match[1],
    ),
  )
  expect(codes.length).toBeGreaterThan(50)
  // `broken-part` belongs to the threads' own test task.
  expect(
    [...new Set(codes)].filter(code => code !== 'broken-part' && !listed.includes(`\`${code}\``)),
  ).toEqual([])
})
