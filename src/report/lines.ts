/** Text in lines: widths in columns, a Chinese character taking two. For terminals and for notes under charts. */
import stringWidth from 'string-width'

/** Cuts text to a width in columns, with an ellipsis. */
export function fit(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break
    kept += character
  }
  return kept + '…'
}

/** Breaks text into lines: between words, and between any two Chinese characters, but never before a closing mark. */
export function wrap(text: string, width: number): string[] {
  const pieces =
    /(?:[\p{Script=Han}“（《][，。；：、”）》]*(?: ·(?= ))?|[^\s\p{Script=Han}“（《]+(?: ·(?= ))?|\s+)/gu
  const lines: string[] = []
  let line = ''
  for (const [piece] of text.matchAll(pieces)) {
    if (stringWidth(line + piece.trimEnd()) > width && line.trim() !== '') {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    } else line += piece
  }
  return [...lines, line.trimEnd()]
}
