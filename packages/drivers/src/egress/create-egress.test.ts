import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEgress, type Egress } from './create-egress.ts'
import type { EgressError } from './egress-error.ts'
import type { Resolve } from './find-addresses.ts'

let server: Server
let port: number
let seen: IncomingMessage[]
let connections: number
let answer: RequestListener
const opened: Egress[] = []

beforeEach(async () => {
  seen = []
  connections = 0
  answer = (_request, response) => response.end('hello')
  server = createServer((request, response) => {
    seen.push(request)
    answer(request, response)
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  for (const egress of opened.splice(0)) await egress.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const loopback = ['127.0.0.0/8']

function open(allow: string[] = [], resolve?: Resolve): Egress {
  const egress = createEgress({ allow, ...(resolve && { resolve }) })
  opened.push(egress)
  return egress
}

async function reasonOf(fetching: Promise<unknown>): Promise<string> {
  const error = await fetching.then(
    () => null,
    (thrown: unknown) => thrown as EgressError,
  )
  expect(error?.name).toBe('EgressError')
  return error!.reason
}

// Each is a way to write this machine, or a place inside, that has opened some filter once.
const innerHosts = [
  '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0x7f.1', '017700000001', '0177.0.0.1', '0177.0.0.01', '0', '0.0.0.0',
  '127.0.0.1.', '127.127.127.127', '１２７.０.０.１', '127。0。0。1', '%31%32%37.0.0.1', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fe80::1]', '[fd00:ec2::254]', '169.254.169.254', '2852039166',
  '0xa9fea9fe', '0251.0376.0251.0376', '[::ffff:a9fe:a9fe]', '10.0.0.1', '192.168.0.1', '172.16.0.1', '100.64.0.1', '224.0.0.1',
  '255.255.255.255', 'localhost', 'LOCALHOST',
] // prettier-ignore

test.each(innerHosts)('http://%s leads inside and is not called', async (host) => {
  expect(await reasonOf(open().fetch(`http://${host}:${port}/`))).toBe('address')
  expect(connections).toBe(0)
})

test.each(innerHosts)('%s leads inside and no socket is opened to it', async (host) => {
  expect(await reasonOf(open().connect(host, port))).toBe('address')
  expect(connections).toBe(0)
})

test.each([
  '',
  ' ',
  'a b',
  'a/b',
  '127.0.0.1/',
  'user@127.0.0.1',
  '127.0.0.1:22',
  '127.0.0.1?',
  '127.0.0.1#',
  'a\\b',
  'fe80::1%eth0',
  '1.2.3.4.5',
])('%j is no host that is connected to', async (host) => {
  expect(await reasonOf(open(['0.0.0.0/0', '::/0']).connect(host, port))).toBe('url')
  expect(connections).toBe(0)
})

test('a socket goes to the address that was checked, with the name resolved once', async () => {
  let asked = 0
  const resolve: Resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.6.6.6', family: 4 }]
  const socket = await open(['127.0.0.1/32'], resolve).connect('rebinding.example.org', port)
  expect([socket.remoteAddress, asked]).toEqual(['127.0.0.1', 1])
  socket.destroy()
  for (const address of ['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1']) {
    const inner: Resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
    expect(await reasonOf(open([], inner).connect('inner.example.org', port)), address).toBe('address')
  }
})

test('a socket that is not connected in time, refused or not TLS is an error; closing ends those that are open', async () => {
  const never: Resolve = () => new Promise(() => undefined)
  expect(await reasonOf(open([], never).connect('slow.example.org', port, { timeoutMs: 100 }))).toBe('timeout')
  expect(await reasonOf(open(loopback).connect('127.0.0.1', 1))).toBe('unreachable')
  expect(await reasonOf(open(loopback).connect('127.0.0.1', port, { tls: {} }))).toBe('unreachable')
  const egress = open(loopback)
  const socket = await egress.connect('127.0.0.1', port)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await egress.close()
  await closed
  expect(await reasonOf(egress.connect('127.0.0.1', port))).toBe('unreachable')
})

test.each([
  'ftp://example.org/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/',
  'data:text/plain,hello',
  'unix:/var/run/docker.sock',
  'javascript:1',
  '//example.org/',
  'example.org',
  '',
  'http://',
  'http://[fe80::1%25eth0]/',
  'http://1.2.3.4.5/',
  'http://user:password@example.org/',
  'http://user@127.0.0.1/',
  'https://example.org@127.0.0.1/',
])('%j is no address that is called', async (url) => {
  expect(await reasonOf(open(['0.0.0.0/0', '::/0']).fetch(url))).toBe('url')
})

test('a name that resolves to an inner address is refused, whichever family it comes in', async () => {
  for (const address of ['127.0.0.1', '10.0.0.5', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1']) {
    const resolve: Resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
    expect(await reasonOf(open([], resolve).fetch(`http://inner.example.org:${port}/`)), address).toBe('address')
  }
  expect(connections).toBe(0)
})

test('a name is resolved once, and only what was checked is connected to: rebinding leads nowhere', async () => {
  let asked = 0
  // First the allowed address; whoever asked again would be led to one that is not.
  const resolve: Resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.6.6.6', family: 4 }]
  const { status, body } = await open(['127.0.0.1/32'], resolve).fetch(`http://rebinding.example.org:${port}/x?y=1`)
  expect([status, body.toString(), asked]).toEqual([200, 'hello', 1])
  expect(seen[0]!.headers.host).toBe(`rebinding.example.org:${port}`)
  expect(seen[0]!.url).toBe('/x?y=1')
})

test('of several addresses only the permitted are connected to', async () => {
  const resolve: Resolve = async () => [
    { address: '::1', family: 6 },
    { address: '10.255.255.1', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ]
  expect((await open(loopback, resolve).fetch(`http://mixed.example.org:${port}/`)).status).toBe(200)
})

test('a redirect is returned as it is and never followed', async () => {
  answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end('elsewhere')
  const { status, headers, body } = await open(loopback).fetch(`http://127.0.0.1:${port}/`)
  expect([status, headers['location'], body.toString()]).toEqual([302, 'http://169.254.169.254/latest/meta-data/', 'elsewhere'])
  expect(seen).toHaveLength(1)
})

test('method, headers and body are sent; status, headers and body come back', async () => {
  let sent = ''
  answer = (request, response) => {
    request.on('data', (chunk: Buffer) => (sent += chunk.toString()))
    request.on('end', () => response.writeHead(418, { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] }).end('short and stout'))
  }
  const fetched = await open(loopback).fetch(`http://127.0.0.1:${port}/hook`, {
    method: 'POST',
    headers: { 'x-signature': 's' },
    body: 'payload',
  })
  expect(fetched).toMatchObject({ status: 418, headers: { 'x-one': '1', 'set-cookie': 'a=1, b=2' } })
  expect(fetched.body.toString()).toBe('short and stout')
  expect([seen[0]!.method, seen[0]!.headers['x-signature'], sent]).toEqual(['POST', 's', 'payload'])
})

test('an answer longer than the bound is refused: by what it announces, or once it has gone past it', async () => {
  const fetch = () => open(loopback).fetch(`http://127.0.0.1:${port}/`, { maxBytes: 1000 })
  answer = (_request, response) => response.end('x'.repeat(1000))
  expect((await fetch()).body.byteLength).toBe(1000)
  answer = (_request, response) => response.end('x'.repeat(1001))
  expect(await reasonOf(fetch())).toBe('too_large')
  answer = (_request, response) => {
    // Without a length, and without an end.
    const more = () => void response.write('x'.repeat(500), (error) => error ?? more())
    more()
  }
  expect(await reasonOf(fetch())).toBe('too_large')
})

test('the deadline ends an answer that never begins, one that never ends, and a name that never resolves', async () => {
  const options = { timeoutMs: 200 }
  answer = () => undefined
  expect(await reasonOf(open(loopback).fetch(`http://127.0.0.1:${port}/`, options))).toBe('timeout')
  answer = (_request, response) => void response.write('and so')
  expect(await reasonOf(open(loopback).fetch(`http://127.0.0.1:${port}/`, options))).toBe('timeout')
  const resolve: Resolve = () => new Promise(() => undefined)
  expect(await reasonOf(open([], resolve).fetch('http://slow.example.org/', options))).toBe('timeout')
})

test('nobody there, and a name that is none, are unreachable', async () => {
  const resolve: Resolve = () => Promise.reject(new Error('ENOTFOUND'))
  expect(await reasonOf(open([], resolve).fetch('http://nowhere.example.org/'))).toBe('unreachable')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await reasonOf(open(loopback).fetch(`http://127.0.0.1:${port}/`))).toBe('unreachable')
})

test('closing ends what is under way, and nothing is fetched afterwards', async () => {
  answer = () => undefined
  const egress = open(loopback)
  const arrived = new Promise((resolve) => server.once('request', resolve))
  const fetching = reasonOf(egress.fetch(`http://127.0.0.1:${port}/`, { timeoutMs: 60_000 }))
  await arrived
  await egress.close()
  expect(await fetching).toBe('unreachable')
  expect(await reasonOf(egress.fetch(`http://127.0.0.1:${port}/`))).toBe('unreachable')
  expect(seen).toHaveLength(1)
})
