import { createTransport } from 'nodemailer'
import { MailError, type Mailer } from './mailer.ts'

type MailerOptions = {
  /** `smtps:` is TLS from the start, `smtp:` takes it where the server offers it. Further options of nodemailer stand in the query. */
  url: string
  from: string
  /** For a mail as a whole, from the look-up of the server's name on. */
  deadlineMs?: number
}

/** Sends by SMTP, over a connection for each mail. */
export function createMailer({ url, from, deadlineMs = 8000 }: MailerOptions): Mailer {
  const transport = createTransport({
    url,
    // A password goes over TLS only, whatever somebody in between strips from the server's offer. The URL can say otherwise.
    requireTLS: new URL(url).username !== '',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({
          from,
          // As an object it is one address, whatever characters it has.
          to: { name: '', address: to },
          subject,
          text,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.timeout(deadlineMs),
        })
      } catch (error) {
        throw toMailError(error)
      }
    },
    close: () => transport.close(),
  }
}

function toMailError(error: unknown): MailError {
  const { code = '', responseCode = 0 } = error as { code?: string; responseCode?: number }
  // A 5xx to sender, recipient or content is about this mail; one to a greeting or a login is about the server.
  const refused = responseCode >= 500 && ['EENVELOPE', 'EMESSAGE'].includes(code)
  return new MailError(refused ? `the mail server refused the mail (${responseCode})` : 'the mail server did not take the mail', {
    refused,
    cause: error,
  })
}
