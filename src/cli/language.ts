import type { Lang } from '../reading/text.js'

/** The language of the system: LC_ALL, LC_MESSAGES, LANG in that order, else what the runtime says (Windows). */
export function systemLanguage(environment: Record<string, string | undefined>): Lang {
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  const locale = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh/i.test(locale) ? 'zh' : 'en'
}
