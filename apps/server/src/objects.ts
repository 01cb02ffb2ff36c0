import { createLocalObjects, type ObjectStore } from '@freehold/drivers'
import { join } from 'node:path'
import type { Config } from './config.ts'

/** Where bytes are kept: the bucket that the configuration names, or the data directory. */
export async function openObjects({ s3, dataDir }: Pick<Config, 's3' | 'dataDir'>): Promise<ObjectStore> {
  if (s3 === null) return createLocalObjects({ directory: join(dataDir, 'objects') })
  // Not loaded by those who do without: it takes a good part of a second, and 11 MiB.
  const { createS3Objects } = await import('@freehold/drivers/s3')
  return createS3Objects(s3)
}
