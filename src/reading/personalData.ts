/**
 * Whether a cell or a column is about one real person: identity numbers, phones, e-mail, detailed addresses, names.
 * What the header says counts only where it says so; content counts always. No function here ever puts what it
 * looked at into a message.
 */
import type { Text } from './text.js'

export const PERSONAL_KINDS = ['identity-number', 'phone', 'e-mail', 'address', 'name'] as const
export type PersonalKind = (typeof PERSONAL_KINDS)[number]

export const PERSONAL_WORDS: Record<PersonalKind, Text> = {
  'identity-number': { zh: '证件号码', en: 'identity number' },
  phone: { zh: '电话号码', en: 'phone number' },
  'e-mail': { zh: '电子邮箱', en: 'e-mail address' },
  address: { zh: '详细地址', en: 'detailed address' },
  name: { zh: '姓名', en: 'name' },
}

/** No number, address or e-mail that leads to a person is shorter. */
const SHORTEST = 5

/**
 * What of a person one cell holds, wherever in the cell it stands. Names are not told by one cell: half of the words
 * in a table look like one. See `personalColumn`.
 */
export function personalData(cell: string): Exclude<PersonalKind, 'name'> | undefined {
  if (cell.length < SHORTEST) return undefined
  const text = cell.normalize('NFKC')
  if (/\d[\s·・.-]*\d/.test(text)) {
    const runs = digitRuns(text)
    if (runs.some(isIdentityNumber)) return 'identity-number'
    if (PHONE.test(text) || runs.some(run => MOBILE.test(run))) return 'phone'
  }
  if (E_MAIL.test(text)) return 'e-mail'
  return isAddress(text) ? 'address' : undefined
}

/** Runs of digits, blanks and hyphens within them taken out; an X ends an identity number. */
function digitRuns(text: string): string[] {
  const joined = text.replace(/(\d)[\s-]+(?=[\dXx])/g, '$1')
  return joined.match(/(?<![\d.])\+?\d{11,}[Xx]?(?![\d])/g) ?? []
}

/**
 * A citizen's number of 18 characters (GB 11643-1999) or of the 15 digits used before. One with a wrong check digit
 * but a plausible birth date is a number that was copied wrongly, and still leads to its person.
 */
export function isIdentityNumber(text: string): boolean {
  const number = text.toUpperCase()
  if (/^\d{17}[\dX]$/.test(number))
    return PROVINCES.has(number.slice(0, 2)) && (isBirthDate(number.slice(6, 14)) || hasCheckDigit(number))
  return (
    /^\d{15}$/.test(number) && PROVINCES.has(number.slice(0, 2)) && isBirthDate('19' + number.slice(6, 12))
  )
}

/** First two digits of GB/T 2260, and 83 and 91 that residence permits of later years begin with. */
const PROVINCES = new Set(
  (
    '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 ' +
    '83 91'
  ).split(' '),
)

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** ISO 7064 MOD 11-2, as GB 11643-1999 prescribes. */
function hasCheckDigit(number: string): boolean {
  const sum = WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(number[index]), 0)
  return '10X98765432'[sum % 11] === number[17]
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** @param date YYYYMMDD of somebody who may live in this century or the last */
function isBirthDate(date: string): boolean {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number)
  return year >= 1880 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1]
}

const MOBILE = /^(?:\+|00)?(?:86)?1[3-9]\d{9}$/

/** Land lines: an area code (010, 02x, 03xx–09xx) and seven or eight digits, with an extension or without. */
const PHONE =
  /(?<![\d.])(?:\(?(?:\+|00)?86\)?[\s-]?)?\(?0?(?:10|2\d|[3-9]\d{2})\)?[\s-]{1,2}[2-9]\d{2,3}[\s-]?\d{4}(?!\d)|(?<![\d.])\(?0(?:10|2\d|[3-9]\d{2})\)?[\s-]*[2-9]\d{6,7}(?!\d)/

// Every run has a longest length, so that a cell of a million letters takes no longer than many short ones.
const E_MAIL = /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})+/u

const NUMERAL = '[\\dA-Za-z零〇一二三四五六七八九十百甲乙丙丁]{1,12}'
/** A way or a settlement, and behind it a numbered door, house, stair or team. */
const DOOR = new RegExp(
  `(?:路|街|巷|道|弄|里|村|屯|寨|坊|苑|园|庄|镇|乡|社区|小区|大厦|公寓|宿舍|新村|广场|邨).{0,20}?${NUMERAL}[\\s-]*(?:号(?!文|令|公告|公报|函|通知)|室|栋|幢|座|单元|房|弄|楼|组|队|层|户)`,
)
const HOUSE = new RegExp(`${NUMERAL}(?:栋|幢|座|号楼)${NUMERAL}(?:室|房|单元|号|层|楼|$)`)
const STREET = new RegExp(
  '\\b(?:no\\.?\\s*)?\\d+[a-z]?,?\\s+(?:[a-z]+\\s+){1,3}(?:road|rd|street|st|lane|avenue|ave|building)\\b|' +
    '\\b(?:road|rd|street|st|lane|avenue|ave),?\\s+(?:no\\.?\\s*)?\\d+',
  'i',
)

const isAddress = (text: string): boolean =>
  (/[路街巷道弄里村屯寨坊苑园庄镇乡区厦寓舍场邨栋幢座楼]/.test(text) &&
    (DOOR.test(text) || HOUSE.test(text))) ||
  STREET.test(text)

/** Words of a header that say what the column holds. The first kind that fits is taken. */
const HEADERS: [PersonalKind, RegExp][] = [
  [
    'identity-number',
    /身份证|身份号码|证件号|证号|护照|通行证|社会?保(?:障|险)?卡?号|\b(?:id|identity|national)[\s_-]*(?:card|no|number)\b|passport/i,
  ],
  ['phone', /电话|手机|联系方式|固话|微信|\bqq\b|phone|mobile|\btel\b|telephone/i],
  ['e-mail', /邮箱|电邮|邮件|e-?mail/i],
  ['address', /地址|住址|门牌|住所地?$|address/i],
  [
    'name',
    /姓名|^名字$|^姓$|^名$|曾用名|联系人|经办人|申请人$|监护人$|户主$|^name$|(?:full|given|first|last|family|sur|applicant|contact)[\s_-]*name|^surname$/i,
  ],
]

/** What of a person a column holds by its own words. */
export function personalHeader(header: string): PersonalKind | undefined {
  const text = header.normalize('NFKC').trim()
  return text.startsWith('是否') ? undefined : HEADERS.find(([, words]) => words.test(text))?.[0]
}

/** From this share of its cells on, a column is personal data and not a column with a slip in it. */
const SHARE = 0.1
/** A column of names: most cells look like one, and they are many different ones. */
const NAMES = 0.6
const DIFFERENT = 1 / 3
const FEWEST = 3

/**
 * What of a person a column holds, by its header or by its content.
 *
 * @param cells a sample of the column; empty ones do not count
 * @param isKnown whether a cell is a word of the file's own subject (a fact's value, an area): never a name
 */
export function personalColumn(
  header: string,
  cells: readonly string[],
  isKnown: (cell: string) => boolean = () => false,
): PersonalKind | undefined {
  const filled = cells.map(cell => cell.trim()).filter(cell => cell !== '')
  const unknown = filled.filter(cell => !isKnown(cell))
  const said = personalHeader(header)
  if (said && (filled.length === 0 || unknown.length > 0)) return said
  const found = unknown.flatMap(cell => personalData(cell) ?? [])
  const frequent = PERSONAL_KINDS.find(
    kind => found.filter(other => other === kind).length > SHARE * filled.length,
  )
  if (frequent) return frequent
  const names = unknown.filter(looksLikeName)
  const many = Math.max(FEWEST, NAMES * filled.length)
  return names.length >= many && new Set(names).size >= Math.max(FEWEST, DIFFERENT * names.length)
    ? 'name'
    : undefined
}

/**
 * A common family name and one or two characters behind it, or masked ones (张某某, 李*); a name in two parts joined
 * by a dot. Many other words have this form too.
 */
export function looksLikeName(cell: string): boolean {
  const text = cell.normalize('NFKC').replace(/\s/g, '')
  if (/^\p{Script=Han}{1,8}[·•・]\p{Script=Han}{1,8}$/u.test(text)) return true
  if (!/^\p{Script=Han}[\p{Script=Han}*xX×○某]{1,3}$/u.test(text)) return false
  return text.length <= 3 ? SURNAMES.has(text[0]) : DOUBLE.has(text.slice(0, 2))
}

/** The commonest of the Ministry of Public Security's lists of names (2007, 2018, 2020) and of the Hundred Surnames. */
const SURNAMES = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金' +
    '石廖贾夏韦付傅方白邹孟熊秦邱丘江尹薛阎闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂' +
    '章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶' +
    '解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑' +
    '郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴' +
    '盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕' +
    '危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植富尧闭由',
)
const DOUBLE = new Set(
  '欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 轩辕 宇文 长孙 独孤 南宫 百里 东郭 呼延 钟离 闻人'.split(
    ' ',
  ),
)
