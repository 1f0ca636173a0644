/** The rules that keep the rooms above node/ pure do catch what they are there for. */
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

const eslint = new ESLint()

async function rules(code: string, filePath: string): Promise<(string | null)[]> {
  const [{ messages }] = await eslint.lintText(code, { filePath })
  return messages.map(message => message.ruleId)
}

describe('a room above node/', () => {
  it.each([
    ['a module of Node', `import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n`],
    ['a module of Node by its old name', `import { join } from 'path'\nexport const paths = join\n`],
    ['the process', `export const where = () => process.cwd()\n`],
    ['the console', `export const say = () => console.log('here')\n`],
    ['a clock', `export const now = () => Date.now()\n`],
    ['a stop-watch', `export const now = () => performance.now()\n`],
    ['the page', `export const title = () => document.title\n`],
    ['luck of its own', `export const luck = () => Math.random()\n`],
    ['the engine’s exponential', `export const grow = (x: number) => Math.exp(x)\n`],
    ['a power', `export const power = (x: number) => x ** 0.5\n`],
    ['any', `export const lax = (x: any) => x as string\n`],
    ['a promise that nobody awaits', `const work = async () => {}\nexport const go = () => { work() }\n`],
  ])('may not use %s', async (_what, code) => {
    expect(await rules(code, 'src/evidence/month.ts')).toHaveLength(1)
  })

  it('may use arithmetic that is the same everywhere', async () => {
    const code = `export const distance = (x: number, y: number) => Math.sqrt(x * x + y * y) + 2 ** 20\n`
    expect(await rules(code, 'src/evidence/month.ts')).toEqual([])
  })
})

it('node/ may touch the machine', async () => {
  const code = `import { join } from 'node:path'\nexport const here = () => join(process.cwd(), String(Date.now()))\n`
  expect(await rules(code, 'src/node/hash.ts')).toEqual([])
})
