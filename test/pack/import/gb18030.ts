/** GB18030 as an encoder, for tests: the two-byte part of the table, turned round from the platform's decoder. */
let table: Map<string, [number, number]> | undefined

function twoBytes(): Map<string, [number, number]> {
  if (table) return table
  table = new Map()
  const decoder = new TextDecoder('gb18030')
  for (let first = 0x81; first <= 0xfe; first++)
    for (let second = 0x40; second <= 0xfe; second++)
      if (second !== 0x7f) table.set(decoder.decode(Uint8Array.of(first, second)), [first, second])
  return table
}

export function encodeGb18030(text: string): Uint8Array {
  const pairs = twoBytes()
  return Uint8Array.from(
    [...text].flatMap(character => {
      if (character < '\x80') return [character.charCodeAt(0)]
      const pair = pairs.get(character)
      if (!pair) throw new Error(`not among the two-byte characters: ${character}`)
      return pair
    }),
  )
}
