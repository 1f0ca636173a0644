import { afterEach, describe, expect, it } from 'vitest'
import { MachineFailure } from '../../src/node/failure.js'
import { pool, type Pool } from '../../src/node/threads.js'
import { built } from '../program.js'

const open: Pool<number, number>[] = []
afterEach(() => Promise.all(open.splice(0).map(each => each.close())))

function tally(jobs: number) {
  const counter = new SharedArrayBuffer(4)
  const each = pool<number, number>({
    jobs,
    task: 'tally',
    context: { counter },
    worker: built('node/worker.js'),
  })
  open.push(each)
  return { each, total: () => new Int32Array(counter)[0] }
}

describe.each([1, 2, 3])('with %i jobs', jobs => {
  const parts = Array.from({ length: 40 }, (_, index) => index)

  it('results come in the order of the parts, and all memory that is shared is the caller’s', async () => {
    const { each, total } = tally(jobs)
    expect(await each.run(parts)).toEqual(parts.map(part => part * part))
    expect(total()).toBe(780) // 0 + 1 + … + 39
  })

  it('the threads serve a second batch', async () => {
    const { each, total } = tally(jobs)
    await each.run([1, 2])
    expect(await each.run([3, 4, 5])).toEqual([9, 16, 25])
    expect(total()).toBe(15)
  })

  it('progress counts every part once', async () => {
    const { each } = tally(jobs)
    const seen: string[] = []
    await each.run(parts, (done, total) => seen.push(`${done}/${total}`))
    expect(seen).toEqual(parts.map(part => `${part + 1}/40`))
  })

  it('the first part that fails is the one that is told, and the pool still works', async () => {
    const { each } = tally(jobs)
    await expect(each.run([1, 2, -1, 3])).rejects.toThrow('a part below 0')
    expect(await each.run([6])).toEqual([36])
  })

  it('an empty batch is done', async () => {
    expect(await tally(jobs).each.run([])).toEqual([])
  })

  it('a task that does not exist is told', async () => {
    const each = pool<number, number>({ jobs, task: 'no-such', context: {}, worker: built('node/worker.js') })
    open.push(each)
    await expect(each.run([1, 2])).rejects.toThrow('no task no-such')
  })

  it('what the user did wrong arrives with its findings', async () => {
    const { each } = tally(jobs)
    await expect(each.run([1, 0.5])).rejects.toMatchObject({
      name: 'InputError',
      findings: [{ code: 'broken-part', message: { zh: '应为整数' } }],
    })
  })
})

it('a thread that dies fails the batch instead of hanging', async () => {
  const dying = new URL('data:text/javascript,process.exit(7)')
  const each = pool<number, number>({ jobs: 2, task: 'tally', context: {}, worker: dying })
  open.push(each)
  await expect(each.run([1, 2])).rejects.toThrow(MachineFailure)
})
