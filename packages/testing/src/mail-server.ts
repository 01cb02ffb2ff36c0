import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { decodeMail } from './decode-mail.ts'

export type ReceivedMail = {
  from: string
  to: string[]
  headers: Record<string, string>
  text: string
  overTls: boolean
  user: string | null
}

export type MailServer = {
  /** With the account's name and password, if there is one. Trusts the server's own certificate. */
  url: string
  /** What it has taken, oldest first. */
  mails: ReceivedMail[]
  /** What it does with the next mails: takes them, refuses each recipient, or never answers. */
  behave(how: 'take' | 'refuse' | 'hang'): void
  /** Connections that are open now. */
  connections(): number
  close(): Promise<void>
}

type MailServerOptions = { tls?: 'none' | 'offered' | 'from the start'; account?: { user: string; password: string } }

/** A real SMTP server on loopback, which keeps what it is sent. */
export async function startMailServer({ tls = 'none', account }: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  let behaviour: 'take' | 'refuse' | 'hang' = 'take'
  const server = new SMTPServer({
    secure: tls === 'from the start',
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(account ? [] : ['AUTH'])],
    allowInsecureAuth: true,
    authOptional: account === undefined,
    disableReverseLookup: true,
    closeTimeout: 1,
    onAuth({ username, password }, _session, done) {
      if (username === account?.user && password === account?.password) return done(null, { user: username })
      done(new Error('wrong user or password'))
    },
    onRcptTo({ address }, _session, done) {
      if (behaviour === 'take') return done()
      if (behaviour === 'refuse') done(Object.assign(new Error(`no such mailbox: ${address}`), { responseCode: 550 }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          ...decodeMail(Buffer.concat(chunks).toString('utf8')),
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          overTls: session.secure,
          user: session.user ?? null,
        })
        done()
      })
    },
  })
  server.on('error', () => undefined) // Of a connection that broke; whoever sent over it is told.
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const login = account ? `${encodeURIComponent(account.user)}:${encodeURIComponent(account.password)}@` : ''
  return {
    url: `${tls === 'from the start' ? 'smtps' : 'smtp'}://${login}127.0.0.1:${port}/?tls.rejectUnauthorized=false`,
    mails,
    behave(how) {
      behaviour = how
    },
    connections: () => server.connections.size,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
