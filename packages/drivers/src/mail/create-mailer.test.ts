import { freePort, type MailServer, startMailServer, waitFor } from '@freehold/testing'
import { afterEach, expect, test } from 'vitest'
import { createMailer, MailError, type Mailer } from '../index.ts'

const from = 'Freehold <freehold@example.test>'
const mail = { to: 'ada@example.test', subject: 'Hello', text: 'Follow this.\n' }
const account = { user: 'freehold', password: 'p@ss/word: 1' }
const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function open(options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> {
  const server = await startMailServer(options)
  opened.push(server)
  return server
}

function mailerOf(url: string, deadlineMs?: number): Mailer {
  const mailer = createMailer({ url, from, ...(deadlineMs !== undefined && { deadlineMs }) })
  opened.push(mailer)
  return mailer
}

function refusalOf(sending: Promise<void>): Promise<unknown> {
  return sending.then(
    () => 'was sent',
    (error: unknown) => error,
  )
}

test('a mail arrives whole: sender, recipient, subject and text, long links and letters of any alphabet included', async () => {
  const server = await open()
  const link = `https://freehold.example.test/invitations/accept#fhv_${'x'.repeat(120)}`
  await mailerOf(server.url).send({ to: 'ada@example.test', subject: 'Grüße an „Ωmega“ — 日本', text: `Zürich\n\n${link}\n.\nend\n` })
  const [received] = server.mails
  expect(received).toMatchObject({ from: 'freehold@example.test', to: ['ada@example.test'], overTls: false, user: null })
  expect(received!.headers).toMatchObject({ subject: 'Grüße an „Ωmega“ — 日本', from, 'auto-submitted': 'auto-generated' })
  expect(received!.text.replaceAll('\r\n', '\n')).toContain(`Zürich\n\n${link}\n.\nend`)
})

test('an address is one recipient, and a subject one header, whatever characters they hold', async () => {
  const server = await open()
  const mailer = mailerOf(server.url)
  expect(await refusalOf(mailer.send({ ...mail, to: 'ada@example.test, eve@evil.test' }))).toMatchObject({ refused: true })
  await mailer.send({ ...mail, subject: 'One\r\nBcc: eve@evil.test' })
  expect(server.mails.map(({ to }) => to)).toEqual([['ada@example.test']])
  expect(server.mails[0]!.headers).not.toHaveProperty('bcc')
})

test('TLS is taken where the server offers it, from the start where the URL says so, and the account is signed in to', async () => {
  for (const tls of ['offered', 'from the start'] as const) {
    const server = await open({ tls, account })
    await mailerOf(server.url).send(mail)
    expect(server.mails).toMatchObject([{ overTls: true, user: account.user }])
  }
})

test('a certificate that nobody vouches for is refused unless the URL trusts it', async () => {
  const server = await open({ tls: 'from the start' })
  const error = await refusalOf(mailerOf(server.url.split('?')[0]!).send(mail))
  expect(error).toBeInstanceOf(MailError)
  expect(server.mails).toEqual([])
})

test('a password is not sent in the clear, unless the URL says so', async () => {
  const server = await open({ tls: 'none', account })
  expect(await refusalOf(mailerOf(server.url).send(mail))).toMatchObject({ name: 'MailError', refused: false })
  expect(server.mails).toEqual([])
  await mailerOf(`${server.url}&requireTLS=false`).send(mail)
  expect(server.mails).toMatchObject([{ overTls: false, user: account.user }])
})

test('a wrong password is a fault of the server connection, and is in no message', async () => {
  const server = await open({ tls: 'offered', account })
  const error = await refusalOf(mailerOf(server.url.replace(encodeURIComponent(account.password), 'not-this-one')).send(mail))
  expect(error).toMatchObject({ name: 'MailError', refused: false })
  expect(String(error) + String((error as MailError).cause)).not.toContain('not-this-one')
})

test('a refused recipient is told apart from a server that is not there', async () => {
  const server = await open()
  server.behave('refuse')
  expect(await refusalOf(mailerOf(server.url).send(mail))).toMatchObject({ name: 'MailError', refused: true })
  const nobody = `smtp://127.0.0.1:${await freePort()}`
  expect(await refusalOf(mailerOf(nobody).send(mail))).toMatchObject({ name: 'MailError', refused: false })
})

test('a server that never answers is given up at the deadline, its connection closed, and the next mail goes through', async () => {
  const server = await open()
  const mailer = mailerOf(server.url, 300)
  server.behave('hang')
  expect(await refusalOf(mailer.send(mail))).toMatchObject({ name: 'MailError', refused: false })
  await waitFor(
    async () => server.connections(),
    (count) => count === 0,
  )
  server.behave('take')
  await mailerOf(server.url).send(mail)
  expect(server.mails).toHaveLength(1)
})
