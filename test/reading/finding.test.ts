import { expect, it } from 'vitest'
import { inWords } from '../../src/reading/finding.js'

it('a place is file, line and column; a column alone is not shown, since it would be read as a line', () => {
  const finding = { severity: 'error', code: 'c', message: { zh: '错', en: 'wrong' }, file: 'a.csv' } as const
  expect(inWords({ ...finding, line: 3, column: 7 }, 'en')).toBe('a.csv:3:7  wrong')
  expect(inWords({ ...finding, column: 7 }, 'en')).toBe('a.csv  wrong')
  expect(inWords({ ...finding, line: 3 }, 'zh')).toBe('a.csv:3  错')
})
