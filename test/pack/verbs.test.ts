import { describe, expect, it } from 'vitest'
import { check, show } from '../../src/cli/pack.js'
import type { Terminal } from '../../src/cli/verb.js'
import type { Lang } from '../../src/reading/text.js'

/** What a verb prints, and its exit code. */
async function said(
  verb: typeof check,
  options: Record<string, boolean>,
  format: Terminal['format'],
  lang: Lang = 'en',
) {
  let text = ''
  const terminal: Terminal = {
    lang,
    format,
    quiet: false,
    color: false,
    width: 80,
    print: line => void (text += line + '\n'),
    tell: () => undefined,
    report: () => undefined,
  }
  return { code: await verb.act({ positionals: {}, options }, terminal), text }
}

describe('pack check', () => {
  it('exits 0 on the shipped pack and prints one document for programs', async () => {
    const { code, text } = await said(check, {}, 'json')
    const document = JSON.parse(text) as {
      pack: string
      findings: { severity: string; code: string; message: string }[]
    }
    expect(code).toBe(0)
    expect(document.pack).toBe('zhaoqing')
    expect(document.findings.map(finding => finding.code)).toEqual(
      expect.arrayContaining(['part-above-whole', 'channels-above-total', 'ratio-mixes-coverage']),
    )
    for (const { message } of document.findings) expect(typeof message).toBe('string')
  })

  it('speaks both languages', async () => {
    expect((await said(check, {}, 'text', 'zh')).text).toContain('端州区、鼎湖区、肇庆高新区')
    expect((await said(check, {}, 'text', 'en')).text).toContain('Duanzhou + Dinghu + High-tech Zone')
  })
})

describe('pack show', () => {
  it('gives an overview by default', async () => {
    const { code, text } = await said(show, {}, 'json')
    expect(code).toBe(0)
    expect(JSON.parse(text)).toMatchObject({ pack: 'zhaoqing', counts: { areas: 9, yearbook: 90 } })
  })

  it('prints ids whole, so that they can be copied into --set', async () => {
    const { text } = await said(show, { parameters: true, stocks: true }, 'text', 'zh')
    for (const id of ['apply.conversion.otherProvince', 'stock.seats.duanzhou.primary', 'reform.inForce'])
      expect(text).toContain(id + ' ')
    expect(text).toMatch(/reform\.inForce +2016-07 +2016-02 – 2017-01/)
  })

  it('hands the chosen sections to programs, months as text', async () => {
    const document = JSON.parse((await said(show, { figures: true, areas: true }, 'json')).text) as Record<
      string,
      unknown
    >
    expect(Object.keys(document)).toEqual(['pack', 'areas', 'figures'])
    expect((document.figures as unknown[])[0]).toMatchObject({
      value: 9444,
      window: { from: '2017-01', to: '2017-05' },
    })
  })
})
