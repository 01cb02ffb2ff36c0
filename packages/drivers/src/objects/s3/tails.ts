import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { parseKey } from '../object-key.ts'
import type { Bucket } from './bucket.ts'
import { listNames } from './list-names.ts'
import { removeNames } from './remove-objects.ts'
import { onS3, orNull } from './s3-faults.ts'

export type Tails = ReturnType<typeof tailsOf>

/**
 * What of an upload is too short for a part (S3 wants 5 MiB of all but the last) waits in an object of its own. Its name says at
 * which byte it begins, so one that has become part of a part begins before the end of the parts and counts no more, even where
 * a process died before it removed it.
 */
export function tailsOf(bucket: Bucket, key: string, uploadId: string) {
  parseKey(key)
  const prefix = `${bucket.tails}${key}/${createHash('sha256').update(uploadId).digest('hex').slice(0, 32)}/`
  const at = (offset: number) => ({ Bucket: bucket.name, Key: prefix + offset })
  return {
    async size(offset: number): Promise<number> {
      const found = await orNull(() => bucket.client.send(new HeadObjectCommand(at(offset))))
      return found?.ContentLength ?? 0
    },
    async read(offset: number): Promise<Buffer> {
      const bytes = await orNull(async () => {
        const { Body } = await bucket.client.send(new GetObjectCommand(at(offset)))
        return Body!.transformToByteArray()
      })
      return Buffer.from(bytes ?? [])
    },
    async write(offset: number, bytes: Buffer): Promise<void> {
      const input = { ...at(offset), ...bucket.encryption, Body: bytes, ChecksumAlgorithm: 'CRC32' as const }
      await onS3(() => bucket.client.send(new PutObjectCommand(input)))
    },
    async remove(): Promise<void> {
      const names: string[] = []
      for await (const { name } of listNames(bucket, prefix)) names.push(name)
      await removeNames(bucket, names)
    },
  }
}
