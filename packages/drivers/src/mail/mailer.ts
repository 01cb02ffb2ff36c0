export type Mail = { to: string; subject: string; text: string }

/** Sends mail. Rejects with MailError when the server refuses it or has not taken it within the deadline. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void }

/** Why a mail was not taken. `refused`: the server said no to its address or content, and would again. */
export class MailError extends Error {
  override readonly name = 'MailError'
  readonly refused: boolean

  constructor(message: string, { refused, cause }: { refused: boolean; cause: unknown }) {
    super(message, { cause })
    this.refused = refused
  }
}
