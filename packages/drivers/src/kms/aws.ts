import type { KMSClient } from '@aws-sdk/client-kms'
import { type Kms, KmsError } from './kms.ts'

export type AwsKmsOptions = {
  /** The key's ARN, id or alias. */
  keyId: string
  /** In place of AWS's own, for what speaks its protocol. */
  endpoint?: string
  /** In place of the environment's, profile's or machine's. */
  credentials?: { accessKeyId: string; secretAccessKey: string }
  deadlineMs?: number
}

type Sdk = typeof import('@aws-sdk/client-kms')

/** AWS KMS. Credentials and region come from where AWS's SDK looks for them; an ARN names its region itself. */
export function createAwsKms({ keyId, endpoint, credentials, deadlineMs = 5000 }: AwsKmsOptions): Kms {
  const region = /^arn:[^:]+:kms:([^:]+):/.exec(keyId)?.[1]
  let opened: Promise<{ sdk: Sdk; client: KMSClient }> | undefined

  // Half a second and 20 MiB that only an installation with this KMS should pay.
  async function open() {
    const sdk = await import('@aws-sdk/client-kms')
    const client = new sdk.KMSClient({
      maxAttempts: 2,
      ...(region && { region }),
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
    })
    return { sdk, client }
  }

  async function ask<R>(call: (opened: { sdk: Sdk; client: KMSClient }, signal: AbortSignal) => Promise<R>): Promise<R> {
    const signal = AbortSignal.timeout(deadlineMs)
    try {
      return await Promise.race([(opened ??= open()).then((sdk) => call(sdk, signal)), expired(signal)])
    } catch (error) {
      throw toKmsError(error, keyId)
    }
  }

  return {
    name: `aws:${keyId}`,
    wrap: (key, context) =>
      ask(async ({ sdk, client }, abortSignal) => {
        const command = new sdk.EncryptCommand({ KeyId: keyId, Plaintext: key, EncryptionContext: context })
        const { CiphertextBlob } = await client.send(command, { abortSignal })
        return Buffer.from(CiphertextBlob!)
      }),
    unwrap: (wrapped, context) =>
      ask(async ({ sdk, client }, abortSignal) => {
        const command = new sdk.DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: context })
        const { Plaintext } = await client.send(command, { abortSignal })
        return Buffer.from(Plaintext!)
      }),
    close: () => void opened?.then(({ client }) => client.destroy()).catch(() => undefined),
  }
}

// Also over looking for credentials, which the SDK's own signal does not end.
function expired(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

function toKmsError(error: unknown, keyId: string): KmsError {
  const { name = '', $fault, $metadata } = error as { name?: string; $fault?: string; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode ?? 0
  const isRefusal =
    ($fault === 'client' && status < 500 && status !== 429 && !name.includes('Throttl')) || name === 'CredentialsProviderError'
  return new KmsError(isRefusal ? 'refused' : 'unreachable', `AWS KMS did not answer for ${keyId}: ${name}`, { cause: error })
}
