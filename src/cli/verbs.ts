/** The table of contents of the command line. A verb is loaded only when it is asked for. */
import type { VerbEntry } from './verb.js'

export const VERBS: VerbEntry[] = [
  {
    path: ['compare'],
    does: {
      zh: '成对比较情景，第一个为基线',
      en: 'Compare scenarios pair by pair, the first being the baseline',
    },
    load: async () => (await import('./compare.js')).compare,
  },
  {
    path: ['run'],
    does: { zh: '运行一个情景', en: 'Run one scenario' },
    load: async () => (await import('./compare.js')).run,
  },
  {
    path: ['policy', 'lint'],
    does: {
      zh: '不运行就检查政策:错误、死条款、达不到的分数、不起作用的上限、日期、缺少的来源',
      en: 'Check rule sets without running them: errors, dead clauses, points out of reach, idle caps, dates, sources',
    },
    load: async () => (await import('./policyLint.js')).lint,
  },
  {
    path: ['policy', 'show'],
    does: { zh: '显示某月有效的政策', en: 'Show a policy as it stands in a month' },
    load: async () => (await import('./policyShow.js')).show,
  },
  {
    path: ['policy', 'diff'],
    does: {
      zh: '按含义比较两个政策:逐条的差别,谁将新符合条件',
      en: 'Compare two policies by meaning: clause by clause, and who would newly qualify',
    },
    load: async () => (await import('./policyDiff.js')).diff,
  },
  {
    path: ['policy', 'evaluate'],
    does: {
      zh: '按政策审核一份人员 CSV:可走的渠道、积分、未满足的条件',
      en: 'Judge a CSV of persons by a policy: open channels, score, failed conditions',
    },
    load: async () => (await import('./policyEvaluate.js')).evaluate,
  },
  {
    path: ['policy', 'explain'],
    does: {
      zh: '向一个人解释政策:缺什么、最小的改变、等到何时',
      en: 'Explain a policy to one person: what fails, the smallest changes, how long to wait',
    },
    load: async () => (await import('./policyExplain.js')).explain,
  },
  {
    path: ['policy', 'docs'],
    does: {
      zh: '生成一份政策的网页:条件、积分、依据与假定',
      en: 'Write a page of one policy: conditions, points, sources and what is assumed',
    },
    load: async () => (await import('./policyDocs.js')).docs,
  },
  {
    path: ['policy', 'test'],
    does: {
      zh: '运行政策旁的案例,并指出没有案例触及的条款',
      en: 'Run the cases beside a policy and tell which clause no case exercises',
    },
    load: async () => (await import('./policyTest.js')).test,
  },
  {
    path: ['policy', 'ablate'],
    does: {
      zh: '逐条去掉政策的条款,经完整模拟成对比较,给出各条款的效果与份额',
      en: 'Take each clause away in turn, simulate in pairs, and tell what each does and its share',
    },
    load: async () => (await import('./policyAblate.js')).ablate,
  },
  {
    path: ['pack', 'check'],
    does: {
      zh: '读取数据包并指出其中的矛盾',
      en: 'Read a pack and tell where its figures contradict one another',
    },
    load: async () => (await import('./pack.js')).check,
  },
  {
    path: ['pack', 'show'],
    does: { zh: '显示数据包的内容', en: 'Show what is in a pack' },
    load: async () => (await import('./pack.js')).show,
  },
  {
    path: ['pack', 'init'],
    does: {
      zh: '新建一地的数据包:各字段齐全,沿用另一地的数字并逐项标为假定',
      en: 'Start a place’s pack: all fields, another place’s figures marked as assumed',
    },
    load: async () => (await import('./packInit.js')).init,
  },
  {
    path: ['pack', 'import'],
    does: {
      zh: '把部门的表格(CSV 或 XLSX)整理为本程序的 CSV:去掉个人信息,列出不能用的行',
      en: 'Turn a bureau’s table (CSV or XLSX) into the program’s own CSV: personal data out, unusable rows listed',
    },
    load: async () => (await import('./packImport.js')).packImport,
  },
  {
    path: ['calibrate'],
    does: {
      zh: '把基础迁移与改革效应拟合到数据包的计数;--ridge 显示单一超额所能说明的',
      en: 'Fit base flows and the reform’s effect to a pack’s counts; --ridge: what one excess alone can say',
    },
    load: async () => (await import('./calibrate.js')).calibrate,
  },
  {
    path: ['schema'],
    does: {
      zh: '打印政策、情景或数据包文件的 JSON Schema,供编辑器使用',
      en: 'Print the JSON Schema of policy, scenario or pack files, for editors',
    },
    load: async () => (await import('./schema.js')).schema,
  },
  {
    path: ['population', 'synthesize'],
    does: {
      zh: '生成合成人口,写出人与家庭的表(Parquet 或 CSV)和拟合报告',
      en: 'Make the synthetic population; write persons, households (Parquet or CSV) and how it fits',
    },
    load: async () => (await import('./populationSynthesize.js')).synthesize,
  },
  {
    path: ['population', 'inspect'],
    does: {
      zh: '查看合成人口:各地区、家庭、年龄,与每张边际表的拟合;--out 写出图与网页',
      en: 'Look at a synthetic population: areas, households, ages, fit to every margin; --out writes charts and a page',
    },
    load: async () => (await import('./populationInspect.js')).inspect,
  },
  {
    path: ['population', 'tabulate'],
    does: {
      zh: '由真实个人的记录得出数据包的边际表;少于 10 条记录的格子不放行',
      en: 'Make the margins of a pack from records of real persons; cells under 10 records are not let through',
    },
    load: async () => (await import('./populationTabulate.js')).tabulate,
  },
  {
    path: ['population', 'fit'],
    does: {
      zh: '求权重,使记录(或表)符合已公布的合计,并如实说明差距与矛盾',
      en: 'Weight records, or a table, to published totals; tell gaps and conflicts honestly',
    },
    load: async () => (await import('./populationFit.js')).fit,
  },
  {
    path: ['verify'],
    does: { zh: '按清单重新运行，逐字节比对', en: 'Run a manifest again and compare every byte' },
    load: async () => (await import('./verify.js')).verify,
  },
  {
    path: ['completion'],
    does: { zh: '打印命令补全脚本（bash、zsh、fish）', en: 'Print the completion script of your shell' },
    load: async () => (await import('./completion.js')).completion,
  },
]
