export { createEgress, type Egress } from './egress/create-egress.ts'
export type { Fetch, Fetched, FetchOptions } from './egress/fetch.ts'
export { createMailer } from './mail/create-mailer.ts'
export type { Mail, Mailer } from './mail/mailer.ts'
