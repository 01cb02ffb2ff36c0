import { expect, test } from 'vitest'
import { permitAddresses } from './permitted-address.ts'

const inner = [
  '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254', '169.254.1.1',
  '169.254.169.254', '169.254.170.2', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.168.0.1', '198.18.0.1',
  '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
  '::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '0:0:0:0:0:ffff:a9fe:a9fe',
  '::127.0.0.1', '::8.8.8.8', '::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1',
  '2001::1', '2001:0:7f00:1::', '2001:db8::1', '2001:2::1', '2001:10::1', '2001:20::1', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:808:808::1',
  '3fff::1', '4000::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'ff0e::1',
] // prettier-ignore

const outer = ['1.1.1.1', '8.8.8.8', '9.255.255.255', '100.63.255.255', '100.128.0.0', '126.255.255.255', '172.15.255.255', '172.32.0.0', '192.167.255.255', '223.255.255.255', '::ffff:8.8.8.8', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'] // prettier-ignore

test.each(inner)('%s is not reached unless it is allowed', (address) => {
  expect(permitAddresses([])(address)).toBe(false)
})

test.each(outer)('%s is public', (address) => {
  expect(permitAddresses([])(address)).toBe(true)
})

test.each(['', 'localhost', '127.1', '0x7f.1', '1.2.3', '1.2.3.4.5', 'nonsense'])('%j, which is no whole address, is refused', (text) => {
  expect(permitAddresses(['0.0.0.0/0', '::/0'])(text)).toBe(false)
})

test('an allowed range opens what is in it, in either notation, and nothing beside it', () => {
  const isPermitted = permitAddresses(['10.1.0.0/16', 'fd00:1::/32', '::ffff:192.168.7.0/120'])
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5', '192.168.7.9']) expect(isPermitted(address), address).toBe(true)
  for (const address of ['10.2.0.1', '127.0.0.1', 'fd00:2::5', '192.168.8.1', '64:ff9b::10.1.2.3', '2002:a01:203::'])
    expect(isPermitted(address), address).toBe(false)
})

test.each(['10.0.0.0', '10.0.0.0/33', 'example.org/8', ''])('%j is no range, and refused at once', (range) => {
  expect(() => permitAddresses([range])).toThrow(/CIDR/)
})
