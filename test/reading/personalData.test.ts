import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isIdentityNumber,
  looksLikeName,
  personalColumn,
  personalData,
  personalHeader,
} from '../../src/reading/personalData.js'

/** The example of GB 11643-1999, and that number in the older form. */
const WITH_CHECK = '11010519491231002X'
const OLD = '110105491231002'

describe('an identity number', () => {
  it('is the example of GB 11643-1999, in 18 characters and in 15', () => {
    expect(isIdentityNumber(WITH_CHECK)).toBe(true)
    expect(isIdentityNumber(OLD)).toBe(true)
  })

  it('is found in full width, with blanks, in lower case and within other words', () => {
    const written = [
      '11010519491231002x',
      '１１０１０５１９４９１２３１００２Ｘ',
      '110105 19491231 002X',
      '110105-19491231-002X',
      `证号:${WITH_CHECK}(本人)`,
    ]
    expect(written.map(personalData)).toEqual(written.map(() => 'identity-number'))
  })

  it('is one with a slip in its check digit, as long as somebody may have been born that day', () => {
    expect(personalData('110105194912310021')).toBe('identity-number')
    expect(personalData('110105194913310022')).toBeUndefined()
    expect(personalData('110105194902300021')).toBeUndefined()
    expect(personalData('990105194912310021')).toBeUndefined()
  })

  it('is recognised by its check digit alone where the date is none', () => {
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 }), tail => {
        const body = '44120299' + tail.join('')
        const sum = [...body].reduce((sum, digit, k) => sum + Number(digit) * weights[k], 0)
        // x ≡ 1 − Σ (mod 11), written X for 10: the definition, not the table that the program uses.
        const check = (((1 - sum) % 11) + 11) % 11
        expect(isIdentityNumber(body + 'X0123456789'.at(check === 10 ? 0 : check + 1))).toBe(true)
      }),
    )
  })
})

describe('a phone, an e-mail, an address', () => {
  it.each(['13800138000', '138 0013 8000', '+86 138-0013-8000', '8613800138000', '1３８００１３８０００'])(
    'mobile %s',
    cell => expect(personalData(cell)).toBe('phone'),
  )
  it.each(['0758-2234567', '(0758)2234567', '02083334444', '020-8333 4444', '+86-758-2234567'])(
    'land line %s',
    cell => expect(personalData(cell)).toBe('phone'),
  )
  it('e-mail', () => expect(personalData('请发至 li.lei+a@mail.example.cn')).toBe('e-mail'))
  it.each([
    '端州区建设三路12号',
    '肇庆市端州区星湖小区3栋502室',
    '白诸镇廻龙村十二组',
    '江滨花园A座1803房',
    '3栋502室',
    '12 Jianshe Road',
    '解放巷１２号之一',
  ])('address %s', cell => expect(personalData(cell)).toBe('address'))
})

it('figures, dates, codes, areas and sources are no personal data', () => {
  const plain = [
    ...['441202', '441284450', '441202001001', '12345', '1,234,567', '13,800,000,000', '12.5%', '3.2万'],
    ...['2016-05-03', '2016年5月', '2016-05-03 00:00:00', '201605', '42491', '2015-2020', '1500000-2000000'],
    ...['端州区', '建设三路', '广东省肇庆市', '白诸镇', '肇府〔2016〕14号', '肇庆市城镇居民2016年第3号公报'],
    ...['本科', '高中', '租赁', 'junior secondary', 'A-000123', '20160512441202000123', '-', ''],
  ]
  expect(plain.filter(personalData)).toEqual([])
})

describe('a column', () => {
  const NAMES = ['王芳', '李秀英', '张伟', '欧阳明', '陈某某', '刘*', '黄志强', '周杰', '吴敏', '徐磊']

  it('is told by its header, in both languages', () => {
    const said = Object.entries({
      身份证号码: 'identity-number',
      证件号: 'identity-number',
      'ID card no.': 'identity-number',
      联系电话: 'phone',
      Mobile: 'phone',
      电子邮箱: 'e-mail',
      现住址: 'address',
      申请人姓名: 'name',
      户主: 'name',
      'Full name': 'name',
      name: 'name',
    })
    expect(said.map(([header]) => personalHeader(header))).toEqual(said.map(([, kind]) => kind))
    const plain = ['持居住证', '与户主关系', '是否有身份证', '地区名称', '编号', 'id', '养老保险累计月数']
    expect(plain.filter(personalHeader)).toEqual([])
  })

  it('of names is one whatever its header says', () => {
    expect(NAMES.filter(looksLikeName)).toEqual(NAMES)
    expect(personalColumn('备注', NAMES)).toBe('name')
    expect(personalColumn('education', NAMES)).toBe('name')
  })

  it('of words that only look like names is none: few different ones, or words of the subject', () => {
    const origins = Array.from({ length: 40 }, (_, k) => ['江西', '云南', '安徽', '江苏'][k % 4])
    expect(personalColumn('来源', origins)).toBeUndefined()
    const areas = ['高要', '封开', '高新区', '怀集']
    expect(personalColumn('地区', areas, cell => areas.includes(cell))).toBeUndefined()
  })

  it('is personal from a tenth of its cells on, and below it a column with a slip', () => {
    const cells = (personal: number) =>
      Array.from({ length: 100 }, (_, k) => (k < personal ? '13800138000' : String(k)))
    expect(personalColumn('a', cells(11))).toBe('phone')
    expect(personalColumn('a', cells(10))).toBeUndefined()
  })

  it('is none by its header alone where all it holds is known', () => {
    expect(personalColumn('地址', ['端州区', '鼎湖区'], () => true)).toBeUndefined()
    expect(personalColumn('地址', [])).toBe('address')
  })
})

// A second; hours where a run of letters is gone through again from each of its places.
it.each(['x', '1', ' ', '1 ', '路', '路1', 'a@', 'a.', '12 ab ', 'x路', '一', '-'])(
  'comes to an end with a long cell of “%s”',
  part => {
    personalData(part.repeat(Math.ceil(300_000 / part.length)) + '路')
  },
)
