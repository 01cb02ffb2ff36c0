import { expect, test } from 'vitest'
import { toOrigin } from './origins.ts'

test.each([
  ['https://app.example.com', 'https://app.example.com'],
  ['https://App.Example.com:443', 'https://app.example.com'],
  ['http://localhost:5173', 'http://localhost:5173'],
  ['http://127.0.0.1:80', 'http://127.0.0.1'],
  ['http://[2001:db8::1]:8080', 'http://[2001:db8::1]:8080'],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['capacitor://localhost', 'capacitor://localhost'],
  ['chrome-extension://abcdefghijklmnop', 'chrome-extension://abcdefghijklmnop'],
])('PR-05 %s is the origin %s', (text, origin) => {
  expect(toOrigin(text)).toBe(origin)
})

test.each([
  '',
  '*',
  'null',
  'app.example.com',
  'https://',
  'https://*.example.com',
  'https://app.example.com/',
  'https://app.example.com/path',
  'https://app.example.com?x',
  'https://app.example.com#x',
  'https://user@app.example.com',
  'https://app.example.com:99999',
  'https://app.example.com:',
  'https:app.example.com',
  'https:\\\\app.example.com',
  'file:///etc/passwd',
  'capacitor://local host',
  'capacitor://localhost:99999',
  ' https://app.example.com',
  'https://app.example.com, https://b.example.com',
  'javascript:alert(1)',
  'blob:https://app.example.com/1',
])('PR-05 %j is no origin', (text) => {
  expect(toOrigin(text)).toBeNull()
})
