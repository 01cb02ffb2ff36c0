import { expect, test } from 'vitest'
import { areRangesWithin, isAddressAllowed, isAddressRange } from './addresses.ts'

test.each([
  '192.0.2.1',
  '192.0.2.0/24',
  '0.0.0.0/0',
  '10.1.2.3/8',
  '2001:db8::1',
  '2001:db8::/32',
  '::/0',
  '::ffff:192.0.2.1',
  '::ffff:192.0.2.0/120',
])('PR-05 %s is an address or a range', (text) => {
  expect(isAddressRange(text)).toBe(true)
})

test.each([
  '',
  'localhost',
  '192.0.2',
  '192.0.2.256',
  '192.0.02.1',
  '0xc0.0.2.1',
  '3221225985',
  '192.0.2.0/33',
  '192.0.2.0/-1',
  '192.0.2.0/',
  '192.0.2.0/8/8',
  '192.0.2.0/255.255.255.0',
  '2001:db8::/129',
  '2001:db8:::1',
  'fe80::1%eth0',
  '::ffff:0:0/95',
  ' 192.0.2.1',
  '192.0.2.1,192.0.2.2',
  '192.0.2.*',
])('PR-05 %j is neither', (text) => {
  expect(isAddressRange(text)).toBe(false)
})

test('PR-05 an address is allowed in a range and nowhere else, mapped into IPv6 or not', () => {
  const ranges = ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7', '::ffff:203.0.113.0/120']
  const inside = ['192.0.2.9', '::ffff:192.0.2.9', '::FFFF:c000:209', '2001:db8:1::9', '198.51.100.7', '203.0.113.8', '::ffff:203.0.113.8']
  const outside = ['192.0.3.9', '::ffff:192.0.3.9', '2001:db9::9', '198.51.100.8', '203.0.114.8', '::192.0.2.9', 'nonsense', '', 'unknown']
  for (const ip of inside) expect([ip, isAddressAllowed(ranges, ip)]).toEqual([ip, true])
  for (const ip of outside) expect([ip, isAddressAllowed(ranges, ip)]).toEqual([ip, false])
  expect(isAddressAllowed(['::/0'], '192.0.2.9')).toBe(false)
  expect(isAddressAllowed(['0.0.0.0/0'], '2001:db8::1')).toBe(false)
  expect(isAddressAllowed(['fe80::/10'], 'fe80::1%eth0')).toBe(true)
})

test('PR-05 ranges are within others where each is in one of them', () => {
  expect(areRangesWithin(['10.0.0.0/8', '2001:db8::/32'], ['10.1.0.0/16', '10.255.0.1', '2001:db8:5::/48'])).toBe(true)
  expect(areRangesWithin(['10.0.0.0/8'], ['10.0.0.0/8', '::ffff:10.0.0.0/104'])).toBe(true)
  for (const inner of ['10.0.0.0/7', '11.0.0.0/16', '0.0.0.0/0', '::/0', '::a00:0/104']) {
    expect([inner, areRangesWithin(['10.0.0.0/8'], [inner])]).toEqual([inner, false])
  }
})
