/** What a new pack still has to be given: fields taken over from another place, and fields that are empty. */
import type { Finding } from '../../reading/finding.js'
import { isToBeFilled, takenFrom } from '../marks.js'
import type { Pack } from '../pack.js'

/** `still-assumed` of the whole pack, for whoever reads a result: a fit to figures of another place is no evidence of this one. */
export function takenOverInAll({ id, sources = [] }: Pack): Finding[] {
  const taken = sources.filter(({ source }) => takenFrom(source) !== undefined)
  if (taken.length === 0) return []
  const from = [...new Set(taken.map(({ source }) => takenFrom(source)!))].join(', ')
  const yearbook = taken.some(({ file }) => file === 'yearbook.csv')
  return [
    {
      severity: 'warning',
      code: 'still-assumed',
      message: {
        zh: `数据包“${id}”的 ${sources.length} 项中有 ${taken.length} 项沿用 ${from},未经核实${yearbook ? ',校准所用的年鉴也在其中' : ''}:结果还不是关于本地的证据`,
        en: `${taken.length} of ${sources.length} fields of the pack ${id} are taken over from ${from} and were not checked${yearbook ? ', among them the yearbook that it was fitted to' : ''}: the results are no evidence of this place yet`,
      },
      fix: { zh: '逐文件清单:menkan pack check', en: 'File by file: menkan pack check' },
    },
  ]
}

/** Fields that a message names; of more only the number is told. */
const NAMED = 4

/**
 * `still-assumed`: one a file, with the number of fields that another place's figures still stand for.
 * `to-be-filled`: one a file; a note where the file may do without (stocks.yaml), else a warning.
 */
export function markDoubts({ sources = [], areas, files: present }: Pack): Finding[] {
  const files = [...new Set(sources.map(({ file }) => file))]
  const fields = files.map(file => ({ file, all: sources.filter(one => one.file === file) }))
  const assumed = fields.flatMap(({ file, all }): Finding[] => {
    const taken = all.filter(({ source }) => takenFrom(source) !== undefined)
    if (taken.length === 0) return []
    const from = [...new Set(taken.map(({ source }) => takenFrom(source)!))].join(', ')
    return [
      {
        severity: 'warning',
        code: 'still-assumed',
        file,
        message: {
          zh: `${all.length} 项中有 ${taken.length} 项沿用 ${from},未经核实`,
          en: `${taken.length} of ${all.length} fields are taken over from ${from} and were not checked`,
        },
      },
    ]
  })
  const empty = [
    { file: 'pack.yaml', names: areas.filter(({ id, code }) => id === code).map(({ id }) => `${id}.code`) },
    // The yearbook's moves are no count of the reform: without others its effect is what is believed beforehand.
    {
      file: 'targets.csv',
      names: 'targets.csv' in present && !files.includes('targets.csv') ? ['registrations (use: fit)'] : [],
    },
    ...fields.map(({ file, all }) => ({
      file,
      names: all.filter(({ source }) => isToBeFilled(source)).map(({ field }) => field),
    })),
  ]
  return [
    ...empty.flatMap(({ file, names }): Finding[] => {
      if (names.length === 0) return []
      const some = names.slice(0, NAMED)
      const more = names.length > NAMED ? ' …' : ''
      return [
        {
          severity: file === 'stocks.yaml' ? 'note' : 'warning',
          code: 'to-be-filled',
          file,
          message: {
            zh: `${names.length} 项待填:${some.join('、')}${more}`,
            en: `${names.length} still to be filled: ${some.join(', ')}${more}`,
          },
        },
      ]
    }),
    ...assumed,
  ]
}
