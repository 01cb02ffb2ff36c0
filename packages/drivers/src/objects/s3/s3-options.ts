export type S3Options = {
  bucket: string
  /** Where it is not AWS: the URL of an S3-compatible service. */
  endpoint?: string | null
  /** Null takes that of the environment, or `us-east-1` at an endpoint of one's own. */
  region?: string | null
  /** Null takes the SDK's usual places: environment, files, the machine's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | null
  /** Before every key; ends with a slash where it is not empty. */
  prefix?: string
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  pathStyle?: boolean
  /** Encryption by the store, and the KMS key of it. */
  encryption?: { algorithm: 'AES256' | 'aws:kms'; kmsKeyId?: string | null } | null
  /** For an answer to begin, with the sending of a part. Twice that may pass between two pieces of a download. */
  timeoutMs?: number
  maxAttempts?: number
}
