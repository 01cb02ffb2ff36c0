import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { readPublicKeys } from './public-keys.ts'

const rsa = (bits: number, publicExponent = 65_537) => generateKeyPairSync('rsa', { modulusLength: bits, publicExponent })
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
const good = rsa(2048)
const read = (algorithm: string, key: string) => readPublicKeys([{ kid: 'k', algorithm: algorithm as 'RS256', key }])
const faultOf = (algorithm: string, key: string) => {
  const { keys, faults } = read(algorithm, key)
  expect(keys).toEqual([])
  expect(faults).toHaveLength(1)
  expect(faults[0]!.pointer).toBe('/body/publicKeys/0/key')
  return faults[0]!.message
}

test.each([
  ['RS256', good],
  ['RS512', good],
  ['PS384', good],
  ['ES256', ec('prime256v1')],
  ['ES384', ec('secp384r1')],
  ['ES512', ec('secp521r1')],
])('MB-03 a public key that fits %s is kept as PEM (SPKI), without what stood around it', (algorithm, { publicKey }) => {
  const { keys, faults } = read(algorithm, `\n  ${pem(publicKey)}\n\n`)
  expect(faults).toEqual([])
  expect(keys).toEqual([{ kid: 'k', algorithm, key: pem(publicKey) }])
})

test('MB-03 a private key in any form is refused with a warning, also where its public key stands before it', () => {
  const { privateKey, publicKey } = good
  const forms = [
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    privateKey.export({ type: 'pkcs1', format: 'pem' }),
    privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
    ec('prime256v1').privateKey.export({ type: 'sec1', format: 'pem' }),
    pem(publicKey) + privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ]
  for (const form of forms) expect(faultOf('RS256', form.toString())).toMatch(/PRIVATE key.*take it out of use/)
  // Node itself would take it.
  expect(createPublicKey(forms[0]!.toString()).type).toBe('public')
})

test('MB-03 a key of another kind, curve or strength than its algorithm asks for is refused', () => {
  expect(faultOf('RS256', pem(rsa(1024).publicKey))).toMatch(/2048/)
  expect(faultOf('RS256', pem(ec('prime256v1').publicKey))).toMatch(/RSA/)
  expect(faultOf('PS256', pem(generateKeyPairSync('ed25519').publicKey))).toMatch(/RSA/)
  expect(faultOf('ES256', pem(good.publicKey))).toMatch(/prime256v1/)
  expect(faultOf('ES256', pem(ec('secp384r1').publicKey))).toMatch(/prime256v1/)
  expect(faultOf('ES256', pem(ec('secp256k1').publicKey))).toMatch(/prime256v1/)
  expect(faultOf('ES512', pem(ec('secp384r1').publicKey))).toMatch(/secp521r1/)
})

test('MB-03 an RSA key with the exponent 1, under which any text is its own signature, is refused', () => {
  const jwk = { ...good.publicKey.export({ format: 'jwk' }), e: 'AQ' }
  expect(faultOf('RS256', pem(createPublicKey({ key: jwk, format: 'jwk' })))).toMatch(/anybody could sign/)
})

test.each([
  ['nothing', ' '],
  ['a text', 'ssh-rsa AAAA'],
  ['PKCS #1', good.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
  ['two keys', pem(good.publicKey) + pem(good.publicKey)],
  ['a JWK', JSON.stringify(good.publicKey.export({ format: 'jwk' }))],
  ['a broken key', pem(good.publicKey).replace(/^M.{20}/m, 'M')],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
])('MB-03 %s is no public key', (_what, text) => {
  expect(faultOf('RS256', text)).toMatch(/public key/)
})

test('MB-03 every faulty key is named, and a key id is used once', () => {
  const key = pem(good.publicKey)
  const { faults } = readPublicKeys([
    { kid: 'a', algorithm: 'RS256', key },
    { kid: 'a', algorithm: 'PS256', key },
    { kid: 'b', algorithm: 'ES256', key },
    { kid: 'c', algorithm: 'RS256', key: 'none' },
  ])
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/body/publicKeys/1/kid', '/body/publicKeys/2/key', '/body/publicKeys/3/key'])
})
