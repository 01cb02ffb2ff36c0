export const base62Alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Bytes as a base62 number, most significant digit first, padded with `0` to `length` characters. */
export function base62(bytes: Uint8Array, length: number): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (value > 0n) {
    text = base62Alphabet[Number(value % 62n)]! + text
    value /= 62n
  }
  return text.padStart(length, '0')
}
