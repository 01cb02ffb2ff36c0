export {
  checkAnthropic,
  checkGitHub,
  checkGitLab,
  checkGoogle,
  checkHttpBasic,
  checkHttpBearer,
  checkJira,
  checkMysql,
  checkOpenAi,
  checkPostgresql,
  checkS3,
  checkSlack,
  type DatabaseTarget,
  type Outcome,
} from './connections/index.ts'
export { createEgress, type Egress } from './egress/create-egress.ts'
export { EgressError, type EgressReason } from './egress/egress-error.ts'
export type { Fetch, Fetched, FetchOptions } from './egress/fetch.ts'
export { createMailer } from './mail/create-mailer.ts'
export { type Mail, MailError, type Mailer } from './mail/mailer.ts'
