import { describe, expect, it } from 'vitest'
import { progress } from '../../src/node/progress.js'

function watch(lang: 'zh' | 'en', more: { isTTY?: boolean; quiet?: boolean } = {}) {
  let clock = 0
  let written = ''
  const line = progress({
    what: { zh: '模拟', en: 'Simulating' },
    lang,
    quiet: more.quiet,
    stream: { isTTY: more.isTTY ?? true, write: text => (written += text) },
    now: () => clock,
  })
  return {
    line,
    at(milliseconds: number) {
      clock = milliseconds
      written = ''
    },
    written: () => written,
  }
}

describe('the progress line', () => {
  it('shows share and time left after two seconds, in proportion', () => {
    const { line, at, written } = watch('en')
    at(1900)
    line.step(1, 100)
    expect(written()).toBe('')
    at(4000)
    line.step(4, 100) // 1 s a part, 96 left
    expect(written()).toContain('Simulating  4 %  about 1 min 36 s left')
    line.end()
    expect(written().endsWith('\r\x1b[K')).toBe(true)
  })

  it('speaks Chinese', () => {
    const { line, at, written } = watch('zh')
    at(3000)
    line.step(1, 2)
    expect(written()).toContain('模拟  50 %  还需约 3 秒')
  })

  it.each([{ isTTY: false }, { quiet: true }])('is silent with %o', more => {
    const { line, at, written } = watch('en', more)
    at(9000)
    line.step(1, 2)
    line.end()
    expect(written()).toBe('')
  })
})
