/** Words that a user sees exist in both languages; the edge of the program picks one. */
export type Lang = 'zh' | 'en'

export interface Text {
  zh: string
  en: string
}
