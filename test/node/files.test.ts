import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  displayPath,
  packFolder,
  readFolder,
  readText,
  resolveShipped,
  shippedNames,
  shippedRoot,
} from '../../src/node/files.js'
import { InputError } from '../../src/reading/finding.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menkan-files-'))
  await writeFile(join(folder, 'people.csv'), 'id\n1\n')
  await mkdir(join(folder, 'pack', 'parameters'), { recursive: true })
  await writeFile(join(folder, 'pack', 'pack.yaml'), 'id: here\n')
  await writeFile(join(folder, 'pack', 'parameters', 'b.yaml'), 'b: 1\n')
  await writeFile(join(folder, 'pack', '.hidden.yaml'), 'c: 1\n')
  await writeFile(join(folder, 'pack', 'map.png'), new Uint8Array([0x89, 0xff]))
})
afterAll(() => rm(folder, { recursive: true }))

async function findings(work: () => unknown) {
  try {
    await work()
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as InputError).findings
  }
  throw new Error('nothing was found')
}

describe('reading a text', () => {
  // 肇庆 in each encoding, from the published tables.
  it.each([
    ['UTF-8', [0xe8, 0x82, 0x87, 0xe5, 0xba, 0x86]],
    ['UTF-8 with a byte order mark', [0xef, 0xbb, 0xbf, 0xe8, 0x82, 0x87, 0xe5, 0xba, 0x86]],
    ['UTF-16, low byte first', [0xff, 0xfe, 0x87, 0x80, 0x86, 0x5e]],
    ['UTF-16, high byte first', [0xfe, 0xff, 0x80, 0x87, 0x5e, 0x86]],
    ['GB18030', [0xd5, 0xd8, 0xc7, 0xec]],
  ])('knows %s', async (_name, bytes) => {
    const file = join(folder, 'text.csv')
    await writeFile(file, new Uint8Array(bytes))
    expect(await readText(file)).toBe('肇庆')
  })

  it('refuses bytes that are no text', async () => {
    const file = join(folder, 'noise.csv')
    await writeFile(file, new Uint8Array([0x80, 0xff, 0xff, 0x00]))
    expect(await findings(() => readText(file))).toMatchObject([{ code: 'unknown-encoding' }])
  })

  it('names the nearest file when there is none', async () => {
    expect(await findings(() => readText(join(folder, 'poeple.csv')))).toMatchObject([
      { code: 'missing-file', nearest: 'people.csv' },
    ])
  })

  it('survives a folder that is not there either', async () => {
    expect(await findings(() => readText(join(folder, 'no', 'such')))).toMatchObject([
      { code: 'missing-file' },
    ])
  })

  it('says that a folder is no file', async () => {
    expect(await findings(() => readText(folder))).toMatchObject([{ code: 'unreadable-file' }])
  })
})

describe('reading a folder', () => {
  it('gives its text files by relative path, in the order of their names', async () => {
    expect([...(await readFolder(join(folder, 'pack')))]).toEqual([
      ['pack.yaml', 'id: here\n'],
      ['parameters/b.yaml', 'b: 1\n'],
    ])
  })

  it('tells every broken file', async () => {
    const broken = join(folder, 'broken')
    await mkdir(broken)
    for (const name of ['a.csv', 'b.csv', 'c.csv'])
      await writeFile(join(broken, name), name === 'b.csv' ? 'fine' : new Uint8Array([0xff, 0xff]))
    const found = await findings(() => readFolder(broken))
    expect(found.map(({ file }) => file?.slice(-5))).toEqual(['a.csv', 'c.csv'])
  })
})

describe('what a name stands for', () => {
  it('a path beside the file that names it comes first', () => {
    expect(resolveShipped('policies', 'people.csv', join(folder, 'scenario.yaml'))).toBe(
      join(folder, 'people.csv'),
    )
  })

  it('a shipped name, or its path under scenarios/', () => {
    for (const name of shippedNames('policies')) {
      const path = join(shippedRoot(), 'scenarios', 'policies', name + '.yaml')
      expect(resolveShipped('policies', name)).toBe(path)
      expect(resolveShipped('policies', `policies/${name}.yaml`, join(folder, 'mine.yaml'))).toBe(path)
    }
    for (const name of shippedNames('scenarios'))
      expect(resolveShipped('scenarios', name)).toBe(join(shippedRoot(), 'scenarios', name + '.yaml'))
  })

  it('an unknown one is told with the nearest', async () => {
    for (const name of shippedNames('policies'))
      expect(await findings(() => resolveShipped('policies', name.slice(1)))).toMatchObject([
        { code: 'missing-file', nearest: name },
      ])
    expect(await findings(() => packFolder('zhaoqin'))).toMatchObject([
      { code: 'missing-file', nearest: 'zhaoqing' },
    ])
  })

  it('a pack is a folder with pack.yaml', () => {
    expect(packFolder(join(folder, 'pack'))).toBe(join(folder, 'pack'))
    expect(packFolder('zhaoqing')).toBe(join(shippedRoot(), 'data', 'zhaoqing'))
  })
})

it('a path is shown as the user would write it', () => {
  expect(displayPath(resolve('src', 'node'))).toBe('src/node')
  expect(displayPath(folder)).toBe(relative('.', folder).startsWith('..') ? folder : relative('.', folder))
})
