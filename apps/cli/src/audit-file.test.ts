import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyChain } from '@freehold/kit/audit-chain'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readExport } from './audit-file.ts'
import { sealedLines } from './fake-freehold.ts'
import { createHome } from './spawn-freehold.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'freehold-audit-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function verify(bytes: Uint8Array | string) {
  const path = join(directory, 'export.jsonl')
  await writeFile(path, bytes)
  return verifyChain(readExport(path))
}

const lines = sealedLines(5)
const whole = Buffer.from(lines.join(''))

test('BX-03 an export as it was written is valid, also without its last line break', async () => {
  expect(await verify(whole)).toMatchObject({ valid: true, events: 5 })
  expect(await verify(whole.subarray(0, -1))).toMatchObject({ valid: true, events: 5 })
  expect(await verify('')).toMatchObject({ valid: true, events: 0 })
})

test('BX-03 any changed, added or removed byte is found, in the line where it is', { timeout: 60_000 }, async () => {
  const edit = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), kind: fc.constantFrom('change', 'insert', 'remove') })
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, byte, kind }) => {
      fc.pre(kind !== 'change' || whole[at] !== byte)
      fc.pre(!(kind === 'remove' && at === whole.length - 1))
      const edited = Buffer.concat([
        whole.subarray(0, at),
        kind === 'remove' ? Buffer.alloc(0) : Buffer.of(byte),
        whole.subarray(kind === 'insert' ? at : at + 1),
      ])
      const report = await verify(edited)
      expect(report.valid).toBe(false)
      const line = whole.subarray(0, at).filter((it) => it === 0x0a).length + 1
      // A line break added before a line makes the gap itself the fault.
      expect([line, line + 1]).toContain(report.fault?.seq)
    }),
    { numRuns: 3000 },
  )
})

test('BX-03 a member written twice, another spelling of a number, and white space are found', async () => {
  const swap = (from: string, to: string) => [lines[0], lines[1]!.replace(from, to), ...lines.slice(2)].join('')
  for (const edited of [
    swap('"action":', '"action":"workspace.create","action":'),
    swap('1e+21', '1e021'),
    swap('\\u0007', '\\u0007'.replace('u00', 'u0') + '0'),
    swap('{"id"', '{ "id"'),
    swap('}\n', '} \n'),
    `\ufeff${whole.toString()}`,
  ]) {
    expect(edited).not.toBe(whole.toString())
    expect((await verify(edited)).valid).toBe(false)
  }
})

test('audit verify needs neither server nor credential; a broken chain ends with 1 and names the event', async () => {
  const home = await createHome()
  const good = join(directory, 'good.jsonl')
  const bad = join(directory, 'bad.jsonl')
  await writeFile(good, whole)
  await writeFile(bad, [lines[0], lines[2]].join(''))

  expect(await home.freehold(['audit', 'verify', good])).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^Valid: 5 events, head [0-9a-f]{64}\n$/),
  })
  expect(await home.freehold(['audit', 'verify', bad])).toMatchObject({ code: 1, stdout: expect.stringContaining('Broken at event 2') })
  const json = await home.freehold(['audit', 'verify', bad, '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ valid: false, events: 1, fault: { seq: 2 } })
  expect(await home.freehold(['audit', 'verify', join(directory, 'none.jsonl')])).toMatchObject({ code: 2, stdout: '' })
  expect(await home.freehold(['audit', 'verify', directory])).toMatchObject({ code: 2 })
  await home.remove()
})
