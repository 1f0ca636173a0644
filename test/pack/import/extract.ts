/**
 * A made-up bureau extract: persons with every kind of dirt that such files have, and what an import must make of
 * each, written down as the dirt is planned. Nobody in it exists: names, numbers and addresses are drawn.
 */

/** What must come out of one row. */
export interface Planned {
  row: number
  kind: string
  /** By fact; absent for a row that is refused or no person. */
  person?: Record<string, string>
  refused?: string
  emptied?: { column: string; reason: string }[]
  leftOut?: string
}

export interface Extract {
  rows: string[][]
  planned: Planned[]
}

const HEADER = {
  编号: 'id',
  姓名: '',
  身份证号: '',
  区县: 'area',
  出生年月: 'birth_month',
  性别: 'sex',
  学历: 'education',
  居住方式: 'tenure',
  是否持证: 'has_permit',
  居住月数: 'months_resident',
  就业: 'work',
  养老保险月数: 'pension_months',
  家庭人数: 'household_size',
  近5年捐款: 'donated_yuan_5y',
  联系电话: '',
  现住址: '',
}
type Column = keyof typeof HEADER
const COLUMNS = Object.keys(HEADER) as Column[]
export const FACTS = COLUMNS.map(column => HEADER[column]).filter(Boolean)

type Row = Record<Column, string>

/** Lehmer's generator with Park and Miller's multiplier: the same extract for the same seed. */
function luck(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

const AREAS: [string, string][] = [
  ['端州区', '441202'],
  ['鼎湖区', '441203'],
  ['高要区', '441204'],
  ['广宁县', '441223'],
  ['怀集县', '441224'],
  ['封开县', '441225'],
  ['德庆县', '441226'],
  ['肇庆高新区', '441284450'],
]
const SEX: [string, string][] = [
  ['男', 'male'],
  ['女', 'female'],
]
const EDUCATION: [string, string][] = [
  ['小学', 'primary'],
  ['初中', 'junior_secondary'],
  ['高中', 'senior_secondary'],
  ['大专', 'junior_college'],
  ['本科', 'bachelor'],
]
const TENURE: [string, string][] = [
  ['租赁', 'rent'],
  ['自有住房', 'own'],
  ['宿舍', 'dorm'],
]
const WORK: [string, string][] = [
  ['正规就业', 'formal'],
  ['灵活就业', 'informal'],
  ['自雇', 'self_employed'],
]

interface Dirt {
  /** Changes to the clean row and to what is expected of it. */
  cells?: Partial<Row>
  person?: Record<string, string>
  refused?: string
  emptied?: [column: string, reason: string]
}

/** One kind of dirt a line; `id` is that of the row, `first` one that was used before. */
const KINDS: Record<string, (id: string, first: string) => Dirt> = {
  clean: () => ({}),
  'full-width digits': () => ({ cells: { 居住月数: '３６' }, person: { months_resident: '36' } }),
  'thousands separator': () => ({ cells: { 近5年捐款: '12,500' }, person: { donated_yuan_5y: '12500' } }),
  万: () => ({ cells: { 近5年捐款: '1.25万' }, person: { donated_yuan_5y: '12500' } }),
  亿: () => ({ cells: { 近5年捐款: '0.5亿元' }, person: { donated_yuan_5y: '50000000' } }),
  'years and months': () => ({ cells: { 居住月数: '2年3个月' }, person: { months_resident: '27' } }),
  'unit in the cell': () => ({
    cells: { 养老保险月数: '48个月', 家庭人数: '3人' },
    person: { pension_months: '48', household_size: '3' },
  }),
  'other yes and no': () => ({ cells: { 是否持证: '√' }, person: { has_permit: 'true' } }),
  'date with a day': () => ({ cells: { 出生年月: '1988年5月3日' }, person: { birth_month: '1988-05' } }),
  'date in digits': () => ({ cells: { 出生年月: '198805' }, person: { birth_month: '1988-05' } }),
  'date with dots': () => ({ cells: { 出生年月: '1988.5' }, person: { birth_month: '1988-05' } }),
  // 1988-05-03 is 32 266 days after 1899-12-30.
  'date serial': () => ({ cells: { 出生年月: '32266' }, person: { birth_month: '1988-05' } }),
  'two-digit year': () => ({
    cells: { 出生年月: '88年5月' },
    person: { birth_month: '' },
    emptied: ['birth_month', 'wrong-cell'],
  }),
  'former code': () => ({ cells: { 区县: '441283' }, person: { area: '441204' } }),
  'statistical code': () => ({ cells: { 区县: '441284450' }, person: { area: '441284450' } }),
  'twelve-digit code': () => ({ cells: { 区县: '441202000000' }, person: { area: '441202' } }),
  'place before the area': () => ({ cells: { 区县: '广东省肇庆市端州区' }, person: { area: '441202' } }),
  'blanks and an apostrophe': id => ({
    cells: { 编号: `'${id} `, 学历: ' 本科　' },
    person: { education: 'bachelor' },
  }),
  'other word': () => ({ cells: { 学历: '大学本科' }, person: { education: 'bachelor' } }),
  'not known': () => ({
    cells: { 学历: '不详', 居住月数: '-' },
    person: { education: '', months_resident: '' },
  }),
  'short row': () => ({ cells: { 联系电话: undefined, 现住址: undefined } as Partial<Row> }),
  'line end in a cell': () => ({ cells: { 现住址: '建设三路12号\n502室' } }),
  'quote in a cell': () => ({
    cells: { 居住方式: '租"赁"' },
    person: { tenure: '' },
    emptied: ['tenure', 'wrong-cell'],
  }),
  'Sihui, not said which': () => ({ cells: { 区县: '四会市' }, refused: 'undeclared-area' }),
  'Sihui without the zone': () => ({ cells: { 区县: '四会市(不含高新区)' }, person: { area: '441284' } }),
  'Sihui with the zone': () => ({ cells: { 区县: '四会市(含高新区)' }, refused: 'holds-another-area' }),
  'code of a town': () => ({ cells: { 区县: '441202001' }, refused: 'unknown-area' }),
  'area elsewhere': () => ({ cells: { 区县: '佛山市' }, refused: 'unknown-area' }),
  'no area': () => ({ cells: { 区县: '' }, refused: 'missing-area' }),
  'no id': () => ({ cells: { 编号: '' }, refused: 'missing-id' }),
  'id twice': (_, first) => ({ cells: { 编号: first }, refused: 'duplicate-id' }),
  'id a formula': id => ({
    cells: { 编号: `=HYPERLINK("http://example.org/${id}")` },
    refused: 'formula-id',
  }),
  'id mangled': () => ({ cells: { 编号: '4.41202E+17' }, refused: 'mangled-id' }),
  'cell a formula': () => ({
    cells: { 学历: '=HYPERLINK("http://example.org","本科")' },
    person: { education: '' },
    emptied: ['education', 'formula-cell'],
  }),
  'cell begins with @': () => ({
    cells: { 居住月数: '@SUM(A1:A9)' },
    person: { months_resident: '' },
    emptied: ['months_resident', 'formula-cell'],
  }),
  'phone in another column': () => ({
    cells: { 就业: '联系 138-0013-8000' },
    person: { work: '' },
    emptied: ['work', 'personal-cell'],
  }),
  // The example of GB 11643-1999.
  'identity number in another column': () => ({
    cells: { 居住方式: '11010519491231002x' },
    person: { tenure: '' },
    emptied: ['tenure', 'personal-cell'],
  }),
  'word of two meanings': () => ({
    cells: { 学历: '研究生' },
    person: { education: '' },
    emptied: ['education', 'ambiguous-cell'],
  }),
  'out of range': () => ({
    cells: { 居住月数: '20160' },
    person: { months_resident: '' },
    emptied: ['months_resident', 'wrong-cell'],
  }),
  negative: () => ({
    cells: { 养老保险月数: '-5' },
    person: { pension_months: '' },
    emptied: ['pension_months', 'wrong-cell'],
  }),
  'spreadsheet error': () => ({
    cells: { 家庭人数: '#N/A' },
    person: { household_size: '' },
    emptied: ['household_size', 'wrong-cell'],
  }),
}

export const DIRT = Object.keys(KINDS)

/** Every kind `times` over, in an order drawn from the seed, under two rows of title and above a total and notes. */
export function makeExtract(seed: number, times: number): Extract {
  const draw = luck(seed)
  const rows: string[][] = []
  const planned: Planned[] = []
  const aside = (cells: string[], kind: string, leftOut?: string) => {
    rows.push(cells)
    planned.push({ row: rows.length, kind, leftOut })
  }
  aside(['肇庆市来穗人员登记表(虚构)'], 'title', 'title')
  aside(['统计截至:2017年5月', '', '制表单位:虚构'], 'title', 'title')
  rows.push(COLUMNS)

  const order = Array.from({ length: times }, () => DIRT).flat()
  for (let k = order.length - 1; k > 0; k--) {
    const other = draw(k + 1)
    ;[order[k], order[other]] = [order[other], order[k]]
  }
  order.unshift('clean')
  let households = 0
  for (const [k, kind] of order.entries()) {
    if (k === 10) aside(['', '', ''], 'blank')
    if (k === 20) aside([...COLUMNS], 'header again', 'header-again')
    const id = `ZQ${String(10_000 + k)}`
    const [cells, person] = cleanRow(id, draw)
    const dirt = KINDS[kind](id, 'ZQ10000')
    const written: Partial<Row> = { ...cells, ...dirt.cells }
    rows.push(COLUMNS.map(column => written[column]).filter(cell => cell !== undefined))
    const expected = { ...person, ...dirt.person }
    households += Number(expected.household_size)
    planned.push({
      row: rows.length,
      kind,
      ...(dirt.refused === undefined
        ? {
            person: expected,
            ...(dirt.emptied && { emptied: [{ column: dirt.emptied[0], reason: dirt.emptied[1] }] }),
          }
        : { refused: dirt.refused }),
    })
  }
  const total = COLUMNS.map(column =>
    column === '编号' ? '合 计' : column === '家庭人数' ? String(households) : '',
  )
  aside(total, 'total', 'total')
  aside(['注:1.本表为虚构数据。'], 'footnote', 'note')
  aside(['资料来源:虚构的登记系统'], 'footnote', 'note')
  return { rows, planned }
}

function cleanRow(id: string, draw: (below: number) => number): [Row, Record<string, string>] {
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)]
  const [area, areaCode] = pick(AREAS)
  const [sex, sexValue] = pick(SEX)
  const [education, educationValue] = pick(EDUCATION)
  const [tenure, tenureValue] = pick(TENURE)
  const [work, workValue] = pick(WORK)
  const [year, month] = [1960 + draw(40), 1 + draw(12)]
  const [here, pension, household, donated] = [draw(120), draw(200), 1 + draw(6), draw(500)]
  const permit = draw(2) === 1
  const two = (number: number) => String(number).padStart(2, '0')
  const surname = '王李张刘陈杨黄赵吴周'[draw(10)]
  const given = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平'[draw(20)]
  return [
    {
      编号: id,
      姓名: surname + given,
      身份证号: `99010519${year % 100}${two(month)}15${String(draw(1000)).padStart(3, '0')}X`,
      区县: area,
      出生年月: `${year}-${month}`,
      性别: sex,
      学历: education,
      居住方式: tenure,
      是否持证: permit ? '是' : '否',
      居住月数: String(here),
      就业: work,
      养老保险月数: String(pension),
      家庭人数: String(household),
      近5年捐款: String(donated),
      联系电话: `1390000${String(draw(10_000)).padStart(4, '0')}`,
      现住址: `虚构路${1 + draw(99)}号`,
    },
    {
      id,
      area: areaCode,
      birth_month: `${year}-${two(month)}`,
      sex: sexValue,
      education: educationValue,
      tenure: tenureValue,
      has_permit: String(permit),
      months_resident: String(here),
      work: workValue,
      pension_months: String(pension),
      household_size: String(household),
      donated_yuan_5y: String(donated),
    },
  ]
}

/** As a spreadsheet saves it. */
export const asCsv = ({ rows }: Extract, delimiter = ','): string =>
  rows
    .map(row =>
      row.map(cell => (/["\n\r,\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter),
    )
    .join('\r\n') + '\r\n'
