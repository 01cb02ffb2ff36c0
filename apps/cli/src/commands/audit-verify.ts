import { stat } from 'node:fs/promises'
import { verifyChain } from '@freehold/kit/audit-chain'
import { readExport } from '../audit-file.ts'
import { command, required } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'

export const auditVerify = command({
  path: ['audit', 'verify'],
  summary: 'Verify an exported audit chain, offline.',
  description:
    'Finds every event that was changed, removed, added or moved, and the first of them. Exit code 1 if there is one.\nEvents cut off the end leave no trace in the file: compare the head that is printed with one kept elsewhere.',
  examples: ['freehold audit verify acme.jsonl', 'zcat acme.jsonl.gz | freehold audit verify -'],
  args: { file: required('JSON Lines from freehold audit export; - for standard input') },
  offline: true,

  async run({ args, out }) {
    if (args.file !== '-') await requireFile(args.file)
    const report = await verifyChain(readExport(args.file))
    const { head, fault, events } = report
    const sound = `${events} event${events === 1 ? '' : 's'}${head ? `, head ${head.hash}` : ''}`
    out.result(fault ? `Broken at event ${fault.seq}: ${fault.reason}` : `Valid: ${sound}`, report)
    if (fault) throw new CommandFailure('failed', 'The chain does not verify.', events > 0 ? `Sound before it: ${sound}.` : undefined)
  },
})

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('usage', error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${error.message}`)
  })
  if (found.isDirectory()) throw new CommandFailure('usage', `${path} is a directory.`)
}
