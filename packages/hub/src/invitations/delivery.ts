import { AppError, type InvitationSent } from '@freehold/contract'
import { type Mailer, MailError } from '@freehold/drivers'
import { type InvitationNews, writeMail } from './invitation-mail.ts'
import { createTurns } from './turns.ts'

type Delivered = Pick<InvitationSent, 'delivery' | 'token' | 'url'>

export type Delivery = {
  /** Runs a change that ends with `deliver`. */
  inTurn<R>(change: () => Promise<R>): Promise<R>
  /**
   * Mails the link, or gives it to the caller where no mail is configured. To be the last of a transaction: what the mail
   * server does not take, or not in time, is rolled back. Throws `unavailable`, or `conflict` where it refuses the address.
   */
  deliver(news: InvitationNews, token: string, options: { dryRun: boolean }): Promise<Delivered>
}

export function createDelivery({ mailer, origin }: { mailer: Mailer | null; origin: () => string }): Delivery {
  // While a mail is on its way its transaction is open. A slow mail server must not take all connections for changes.
  const turns = createTurns({ atOnce: 4, queueLength: 100 })
  return {
    inTurn: (change) => (mailer ? turns(change) : change()),
    async deliver(news, token, { dryRun }) {
      // Behind `#`, which browsers send to nobody: the token gets into no log.
      const url = `${origin()}/invitations/accept#${token}`
      if (!mailer) return { delivery: 'link', token, url }
      if (!dryRun) await send(mailer, news, url)
      return { delivery: 'mail', token: null, url: null }
    },
  }
}

async function send(mailer: Mailer, news: InvitationNews, url: string): Promise<void> {
  try {
    await mailer.send(writeMail(news, url))
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    throw error.refused
      ? new AppError('conflict', `The mail server takes no mail for ${news.to}. Check the address.`, { cause: error })
      : new AppError('unavailable', 'The mail server did not take the mail, so nothing was done. Try again, or tell the operator.', {
          cause: error,
        })
  }
}
