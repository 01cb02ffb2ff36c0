export { createEgress, type Egress } from './egress/create-egress.ts'
export { EgressError, type EgressReason } from './egress/egress-error.ts'
export type { Fetch, Fetched, FetchOptions } from './egress/fetch.ts'
export { createMailer } from './mail/create-mailer.ts'
export { type Mail, MailError, type Mailer } from './mail/mailer.ts'
export { attachment } from './objects/attachment.ts'
export { createLocalObjects } from './objects/local/create-local-objects.ts'
export {
  ChecksumMismatch,
  ObjectMissing,
  ObjectsUnavailable,
  ObjectTooLarge,
  OffsetMismatch,
  RangeNotSatisfiable,
  UploadBusy,
  UploadMissing,
} from './objects/object-errors.ts'
export type { ByteRange, ListedObject, ObjectStore, Part, PutOptions, Stored } from './objects/object-store.ts'
export type { S3Options } from './objects/s3/s3-options.ts'
