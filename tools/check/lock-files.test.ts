import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { findLockFileFaults } from './lock-files.ts'

test('a lock file that names a registry is found, and links to our own folders are not', async () => {
  const root = await mkdtemp(join(tmpdir(), 'freehold-locks-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'tools/runtime'), { recursive: true })
  await writeFile(join(root, 'package-lock.json'), '{\n  "resolved": "packages/kit"\n}')
  await writeFile(join(root, 'tools/runtime/package-lock.json'), '{\n  "resolved": "https://registry.example/a.tgz"\n}')

  expect(await findLockFileFaults(root)).toMatch(/^tools\/runtime\/package-lock\.json:2: .*[^\n]$/)
})
