/** menkan policy docs: a page of one policy, to be read and handed on. */
import { formatMonth, type Month } from '../evidence/month.js'
import { writeWhole } from '../node/outFile.js'
import { compileLaw } from '../policy/compile.js'
import { BEFORE_ALL, changesOf } from '../policy/dated.js'
import { diffLaws } from '../policy/diff.js'
import { policyPage } from '../report/policyPage.js'
import { POLICY, POLICY_OPTIONS, readPolicyInput } from './policyInput.js'
import type { Verb } from './verb.js'

export const docs: Verb = {
  path: ['policy', 'docs'],
  does: {
    zh: '生成一份政策的网页:条件、积分、依据与假定',
    en: 'Write a page of one policy: conditions, points, sources and what is assumed',
  },
  takes: [POLICY],
  options: {
    ...POLICY_OPTIONS,
    out: {
      type: 'string',
      does: { zh: '网页文件(默认写到标准输出)', en: 'File of the page (default: standard output)' },
    },
  },
  example: 'menkan policy docs guangdong-points --at 2015-06 --out guangdong-points.html',
  async act(given, terminal) {
    const { policy, month, areas } = await readPolicyInput(given)
    const law = (at: Month) => compileLaw(policy, at, { areas })
    const changes = changesOf(policy.tree)
      .filter(at => at > BEFORE_ALL)
      .map(at => ({
        month: formatMonth(at),
        words: diffLaws({ policy, law: law(at - 1) }, { policy, law: law(at) }, areas).map(change => ({
          zh: `${change.channel ? `${change.channel}:` : ''}${change.words.zh}`,
          en: `${change.channel ? `${change.channel}: ` : ''}${change.words.en}`,
        })),
      }))
    const page = policyPage(policy, law(month), areas, changes, terminal.lang)
    const out = given.options.out as string | undefined
    if (out === undefined)
      terminal.print(terminal.format === 'json' ? JSON.stringify({ policy: policy.id, page }) : page)
    else {
      await writeWhole(out, page)
      if (terminal.format === 'json') terminal.print(JSON.stringify({ policy: policy.id, out }))
      else terminal.tell(terminal.lang === 'zh' ? `网页:${out}` : `Page: ${out}`)
    }
    return 0
  },
}
