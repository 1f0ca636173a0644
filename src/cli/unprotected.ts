/** Verbs that count persons without the rule by which `compare` and `run` hide small counts. */
import type { Pack } from '../pack/pack.js'
import type { Finding } from '../reading/finding.js'

/** @returns what stands against counting in this pack: it holds records of real persons. Nothing for the others. */
export const unprotectedCounts = ({ id, microdata }: Pick<Pack, 'id' | 'microdata'>): Finding[] =>
  microdata
    ? [
        {
          severity: 'error',
          code: 'counts-unprotected',
          message: {
            zh: `数据包“${id}”含真实个人记录(microdata: true),此处的人数未经隐去小数的处理,不予输出`,
            en: `The pack ${id} holds records of real persons (microdata: true), and counts made here are not protected: none is shown`,
          },
          fix: {
            zh: '人数请用 menkan compare 或 menkan run:它们隐去小数并审计',
            en: 'For counts use menkan compare or menkan run, which hide small ones and audit what is shown',
          },
        },
      ]
    : []
