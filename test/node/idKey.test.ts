import { expect, it } from 'vitest'
import { keyedHash } from '../../src/node/idKey.js'

it('hashes an id by HMAC-SHA-256, cut: RFC 4231, case 1', () => {
  // Key: 20 bytes 0x0b, data "Hi There".
  expect(keyedHash(new Uint8Array(20).fill(0x0b))('Hi There')).toBe('b0344c61d8db3853')
})
