import type { Mailer } from './mailer.ts'

export function createMailer(_options: { url: string; from: string }): Mailer {
  return { send: () => Promise.reject(new Error('not built')), close: () => undefined }
}
