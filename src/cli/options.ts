/** Options that several verbs share, each in one place. A verb takes those it lists; `COMMON` belong to all. */
import type { Option } from './verb.js'

export const COMMON = {
  lang: {
    type: 'string',
    choices: ['zh', 'en'],
    does: { zh: '语言(默认随系统)', en: 'Language (default: the system’s)' },
  },
  format: {
    type: 'string',
    choices: ['text', 'json', 'csv'],
    default: 'text',
    does: { zh: '标准输出的格式', en: 'Form of what goes to standard output' },
  },
  quiet: { type: 'boolean', does: { zh: '不显示进度与提示', en: 'No progress, no notes' } },
  'no-color': { type: 'boolean', does: { zh: '不用颜色(同 NO_COLOR)', en: 'No colours (as NO_COLOR)' } },
  help: { type: 'boolean', does: { zh: '显示帮助', en: 'Show this help' } },
} satisfies Record<string, Option>

/** For verbs that simulate: all of them, `options: { ...RUN, … }`, or those that the verb takes. */
export const RUN = {
  seed: {
    type: 'string',
    does: { zh: '随机种子:任意文字(默认取自情景)', en: 'Seed of luck: any words (default: the scenario’s)' },
  },
  replicates: {
    type: 'number',
    whole: true,
    range: [1, 1_000_000],
    does: { zh: '成对模拟次数(默认取自情景)', en: 'Paired simulations (default: the scenario’s)' },
  },
  scale: {
    type: 'number',
    range: [0.0001, 1],
    does: { zh: '人口抽样比例,0 到 1', en: 'Share of the population simulated, 0 to 1' },
  },
  set: {
    type: 'strings',
    does: {
      zh: '改一个数值,如 stock.seats.duanzhou.primary=60000;可多次使用',
      en: 'Change one value, e.g. stock.seats.duanzhou.primary=60000; may be repeated',
    },
  },
  out: {
    type: 'string',
    does: {
      zh: '结果文件夹(默认 runs/ 下的空闲名称)',
      en: 'Folder of the results (default: a free name in runs/)',
    },
  },
  since: {
    type: 'strings',
    does: {
      zh: '以前公布的运行文件夹(数据包含真实个人记录时):隐去的继续隐去,已公布的计入审计;可多次使用',
      en: 'Folder of an earlier release (packs with records of real persons): what it hid stays hidden, what it showed is taken as known; may be repeated',
    },
  },
  jobs: {
    type: 'number',
    whole: true,
    range: [1, 1024],
    does: { zh: '并行线程数(不影响结果)', en: 'Threads (never change a result)' },
  },
} satisfies Record<string, Option>
