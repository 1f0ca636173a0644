import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Hmac } from '../../src/node/hmac.js'

it('is the platform’s HMAC-SHA-256 for texts of any length and script, one after another', () => {
  const key = fc.uint8Array({ minLength: 0, maxLength: 64 })
  const texts = fc.array(
    fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 80 })),
  )
  fc.assert(
    fc.property(key, texts, (bytes, ids) => {
      const hmac = new Hmac(bytes)
      for (const id of ids)
        expect(hmac.short(id)).toBe(createHmac('sha256', bytes).update(id).digest('hex').slice(0, 16))
    }),
  )
})

it('is that of RFC 4231, case 1', () => {
  // Key: 20 bytes 0x0b, data "Hi There".
  expect(new Hmac(new Uint8Array(20).fill(0x0b)).short('Hi There')).toBe('b0344c61d8db3853')
})
