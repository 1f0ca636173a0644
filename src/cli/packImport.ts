/** menkan pack import: a bureau's table, as CSV or a workbook, into the program's own CSV. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { displayPath, readText } from '../node/files.js'
import { keyedHash, newKey, readIdKey } from '../node/idKey.js'
import { startWhole, writeWhole } from '../node/outFile.js'
import { loadPack } from '../node/packs.js'
import { progress } from '../node/progress.js'
import { readSheetRows } from '../node/sheetRows.js'
import { FORMS, type Form } from '../pack/import/field.js'
import { draftText } from '../pack/import/draft.js'
import { Import } from '../pack/import/import.js'
import { NO_MAPPING, readMapping } from '../pack/import/mapping.js'
import { CORE_FACTS } from '../policy/facts.js'
import type { Finding } from '../reading/finding.js'
import { DRAFT_HEAD, importDocument, printColumns, printOutcome } from './packImportWords.js'
import { mistake } from './policyInput.js'
import type { Terminal, Verb } from './verb.js'

export const packImport: Verb = {
  path: ['pack', 'import'],
  does: {
    zh: '把部门的表格(CSV 或 XLSX)整理为本程序的 CSV:去掉个人信息,列出不能用的行',
    en: 'Turn a bureau’s table (CSV or XLSX) into the program’s own CSV: personal data out, unusable rows listed',
  },
  takes: [
    {
      name: 'file',
      required: true,
      does: {
        zh: 'CSV 或 XLSX 文件;- 为标准输入的 CSV',
        en: 'A CSV or XLSX file; - for CSV on standard input',
      },
    },
  ],
  options: {
    as: {
      type: 'string',
      choices: [...FORMS],
      does: {
        zh: '表里是什么:人员、统计数或边际分布',
        en: 'What the table holds: persons, counts or margins',
      },
    },
    out: { type: 'string', does: { zh: '写到哪个文件', en: 'File to write' } },
    map: {
      type: 'string',
      does: {
        zh: '映射文件(YAML):记住各列与各词的含义;与 --dry-run 同用时,没有则生成草稿',
        en: 'Mapping file (YAML) that remembers what columns and words mean; with --dry-run a draft is written if it is not there',
      },
    },
    sheet: { type: 'string', does: { zh: '工作表名称', en: 'Name of the sheet' } },
    pack: {
      type: 'string',
      default: 'zhaoqing',
      does: { zh: '数据包(地区名称由此而来)', en: 'Pack that names the areas' },
    },
    'dry-run': {
      type: 'boolean',
      does: { zh: '只显示每一列成为什么,不写文件', en: 'Only show what each column becomes; write nothing' },
    },
    'id-key': {
      type: 'string',
      does: {
        zh: '编号散列的密钥文件(没有则生成);不给则用不保存的随机密钥',
        en: 'File of the key that hashes ids (made if absent); without it a random key that is not kept',
      },
    },
    'keep-ids': { type: 'boolean', does: { zh: '编号原样保留', en: 'Leave ids as they are' } },
  },
  example: 'menkan pack import 登记表.xlsx --as persons --out persons.csv',
  async act({ positionals, options }, terminal) {
    // A lone dash comes out of yargs as an empty word.
    const path = (positionals.file as string) || '-'
    const form = options.as as Form | undefined
    const out = options.out as string | undefined
    const dryRun = options['dry-run'] === true
    if (form === undefined)
      throw mistake('missing-option', '没有说明表里是什么', 'What the table holds is not said', {
        expected: { zh: `--as ${FORMS.join(' | ')}`, en: `--as ${FORMS.join(' | ')}` },
      })
    if (out === undefined && !dryRun)
      throw mistake('missing-option', '没有说明写到哪里', 'Where to write is not said', {
        fix: {
          zh: '用 --out 文件名,或 --dry-run 只看不写。',
          en: 'Give --out FILE, or --dry-run to look only.',
        },
      })
    const map = options.map as string | undefined
    const drafts = dryRun && map !== undefined && !existsSync(map)
    const mapping =
      map === undefined || drafts ? NO_MAPPING : readMapping(await readText(map), displayPath(map))
    const pack = await loadPack((options.pack as string | undefined) ?? 'zhaoqing')
    const { hash, notes } = await idHash(form, options, dryRun)
    const work = new Import({
      file: path === '-' ? '-' : displayPath(path),
      form,
      facts: CORE_FACTS,
      areas: pack.areas,
      place: pack.title,
      labels: pack.labels ?? {},
      mapping,
      hash,
      dryRun,
    })
    const sheet = (options.sheet as string | undefined) ?? mapping.sheet
    await readInto(work, path, { sheet, encoding: mapping.encoding }, dryRun ? undefined : out, terminal)
    const findings = [...notes, ...work.told()]
    const draft = draftText(work.draft(), { head: DRAFT_HEAD, lang: terminal.lang })
    if (drafts) await writeWhole(map, draft)
    if (terminal.format === 'json')
      terminal.print(
        JSON.stringify(importDocument(work, dryRun ? undefined : out, findings, terminal.lang), null, 2),
      )
    else {
      if (dryRun) printColumns(work, terminal)
      printOutcome(work, dryRun ? undefined : out, terminal)
      terminal.report(findings)
      if (drafts)
        terminal.tell({ zh: `映射草稿 → ${map}`, en: `Draft of the mapping → ${map}` }[terminal.lang])
      else if (dryRun && work.hasOpenQuestions()) terminal.print(draft)
    }
    if (findings.some(({ severity }) => severity === 'error')) return 2
    return work.outcome.refused.length > 0 ? 3 : 0
  },
}

/** Rows into the import, and its lines into a file that appears whole or not at all. */
async function readInto(
  work: Import,
  path: string,
  options: Parameters<typeof readSheetRows>[1],
  out: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const file = out === undefined ? undefined : await startWhole(out)
  const bar = progress({ what: { zh: '导入', en: 'Importing' }, ...terminal })
  try {
    for await (const { rows, read, total, last } of readSheetRows(path, options)) {
      const lines = work.take(rows, last)
      if (lines !== '') await file?.write(lines)
      if (total > 0) bar.step(read, total)
    }
    await file?.keep()
  } catch (error) {
    await file?.drop()
    throw error
  } finally {
    bar.end()
  }
}

async function idHash(
  form: Form,
  options: Record<string, unknown>,
  dryRun: boolean,
): Promise<{ hash?: (id: string) => string; notes: Finding[] }> {
  const keyFile = options['id-key'] as string | undefined
  if (form !== 'persons' || options['keep-ids'] === true) {
    if (options['keep-ids'] === true && keyFile !== undefined)
      throw mistake(
        'contradicting-options',
        '--keep-ids 与 --id-key 不能同时使用',
        '--keep-ids and --id-key exclude one another',
      )
    return { notes: [] }
  }
  if (dryRun) return { hash: keyedHash(newKey()), notes: [] }
  if (keyFile === undefined)
    return {
      hash: keyedHash(newKey()),
      notes: [
        {
          severity: 'note',
          code: 'key-not-kept',
          message: {
            zh: '编号已换成加密散列,密钥没有保存:再导入一次会得到另一组编号',
            en: 'Ids are replaced by a keyed hash whose key is not kept: another import gives other ids',
          },
          fix: {
            zh: '如需几份文件的编号对得上,用 --id-key 文件名(不要放在结果旁边)。',
            en: 'If several files are to agree in their ids, use --id-key FILE (not beside the output).',
          },
        },
      ],
    }
  const out = options.out as string
  if (resolve(keyFile, '..') === resolve(out, '..'))
    throw mistake(
      'key-beside-output',
      '密钥不能与结果放在同一文件夹:拿到文件夹的人就能试出编号',
      'The key must not lie in the folder of the output: whoever gets the folder could try out ids',
      { fix: { zh: '把 --id-key 指到另一个文件夹。', en: 'Let --id-key name a file in another folder.' } },
    )
  const { key, made } = await readIdKey(keyFile)
  const note: Finding = {
    severity: 'note',
    code: 'key-made',
    file: keyFile,
    message: { zh: '已生成密钥,请妥善保管', en: 'A key was made here: keep it safe' },
  }
  return { hash: keyedHash(key), notes: made ? [note] : [] }
}
