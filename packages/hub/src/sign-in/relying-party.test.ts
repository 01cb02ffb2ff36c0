import { expect, test } from 'vitest'
import { relyingPartyOf, requireRelyingParty } from './relying-party.ts'

test('AM-12 passkeys are made for the host by its name, and on loopback for localhost', () => {
  const of = (address: string) => relyingPartyOf(address)
  expect(of('https://freehold.example.com')).toEqual({ id: 'freehold.example.com', origin: 'https://freehold.example.com' })
  expect(of('https://example.com:8443/under/a/path')).toEqual({ id: 'example.com', origin: 'https://example.com:8443' })
  expect(of('http://127.0.0.1:4100')).toEqual({ id: 'localhost', origin: 'http://localhost:4100' })
  expect(of('http://[::1]:4100')).toEqual({ id: 'localhost', origin: 'http://localhost:4100' })
})

test('AM-12 at a bare address browsers make no passkeys, and who asks is told what to set', () => {
  for (const address of ['http://192.0.2.1:4100', 'https://[2001:db8::1]']) {
    expect(relyingPartyOf(address)).toBeNull()
    expect(() => requireRelyingParty(relyingPartyOf(address))).toThrow('Set FREEHOLD_URL')
  }
})
