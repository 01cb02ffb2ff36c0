export type Mail = { to: string; subject: string; text: string; html?: string }

/** Sends mail. Rejects when the server refuses it or cannot be reached within its deadline. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void }
