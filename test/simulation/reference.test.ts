import { describe, expect, it } from 'vitest'
import { kernelLoop, plainLoop, rowsOf } from '../../bench/reference.js'
import { seedKey } from '../../src/evidence/luck.js'

/** Limit of large N and standard deviation at N = 1,000,000, worked out without draws and over 508 runs of other programs. */
const KNOWN: Record<string, [expected: number, sd: number]> = {
  purchase: [18600.0, 138],
  kin: [39675.4, 201],
  talent: [33918.4, 179],
  employment: [29937.6, 158],
  rent: [12648.6, 112],
  invest: [739.5, 27.7],
  registrations: [135519.5, 347],
  'year 1': [15801.5, 130],
  'year 2': [34882.6, 176],
  'year 3': [30946.6, 181],
  'year 4': [27870.2, 162],
  'year 5': [26018.6, 163],
  exits: [335877.8, 456],
  present: [528602.7, 502],
  presentMonths: [27314692, 20900],
  aware: [511720.9, 502],
  permit: [452953.9, 497],
  insured: [308403.8, 444],
  rentUnfiled: [118219.0, 331],
  rentFiled: [247677.6, 431],
  dorm: [70066.2, 264],
  own: [92640.0, 296],
}

const N = 200_000

describe('the reference workload', () => {
  it.each([
    ['candidates at a bound', () => kernelLoop(N, seedKey('reference'))],
    ['the plain monthly loop', () => plainLoop(N, 7)],
  ])('%s gives the published distribution: every row within 4 standard deviations', (_, run) => {
    const rows = rowsOf(run())
    for (const [row, [expected, sd]] of Object.entries(KNOWN)) {
      const z = (rows[row] - (expected * N) / 1e6) / (sd * Math.sqrt(N / 1e6))
      expect(Math.abs(z), `${row}: ${rows[row]}`).toBeLessThan(4)
    }
  })

  it('loses nobody: exits, registrations and those present add up to N', () => {
    const rows = rowsOf(kernelLoop(N, seedKey('whole')))
    expect(rows.exits + rows.registrations + rows.present).toBe(N)
  })
})
