import { FreeholdError } from '@freehold/sdk'
import type { ImportReport } from '@freehold/contract'
import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { choice, command, required, text, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import type { Output } from '../framework/output.ts'
import { workspaceArgument } from '../resources.ts'
import { writeWhole } from '../whole-file.ts'

const formats = ['jsonl', 'csv'] as const
const inCollection = { workspace: workspaceArgument, collection: required('Name of the collection') }
const mostShown = 20

export const vaultImport = command({
  path: ['vault', 'import'],
  summary: 'Import records from a file of CSV or JSON Lines, all or nothing.',
  description:
    'The header of CSV names fields; dots lead into nested objects. With --dry-run the file is sent and reported on, and nothing is stored.',
  examples: ['freehold vault import acme people people.csv', 'freehold vault import acme people people.jsonl --skip-invalid'],
  mutates: true,
  args: { ...inCollection, file: required('The file') },
  flags: {
    format: choice(formats, 'By the name of the file unless told'),
    skipInvalid: toggle('Import what fits and leave out what does not'),
  },

  async run({ args, flags, sdk, out, dryRun }) {
    const content = await openAsBlob(args.file).catch(() => {
      throw new CommandFailure('usage', `${args.file} cannot be read.`)
    })
    const format = flags.format ?? (/\.csv$/i.test(args.file) ? 'csv' : 'jsonl')
    const mode = flags.skipInvalid ? 'skip_invalid' : 'all_or_nothing'
    try {
      const input = { workspace_id: args.workspace, collection: args.collection, format, mode, content } as const
      const report = await sdk.importRecords(input, { dryRunSends: true })
      tellErrors(out, report.refused, report.errors)
      out.result(dryRun ? '' : `Imported ${report.imported} record${report.imported === 1 ? '' : 's'}.`, report)
    } catch (error) {
      const refused = error instanceof FreeholdError ? error.members['refused'] : undefined
      if (typeof refused !== 'number') throw error
      tellErrors(out, refused, (error as FreeholdError).errors as ImportReport['errors'])
      throw new CommandFailure('failed', 'Nothing was imported.', 'Mend these lines, or import the others with --skip-invalid.')
    }
  },
})

export const vaultExport = command({
  path: ['vault', 'export'],
  summary: 'Export records as CSV or JSON Lines, their sensitive fields masked.',
  examples: ['freehold vault export acme people --format csv --output people.csv'],
  args: inCollection,
  flags: { format: choice(formats, 'jsonl unless told'), output: text('FILE', 'Write here, all or nothing, instead of standard output') },

  async run({ args, flags, sdk, out, signal }) {
    const input = { workspace_id: args.workspace, collection: args.collection, format: flags.format }
    const { body } = await sdk.exportRecords(input, { signal })
    const source = Readable.from(body!)
    if (flags.output === undefined) await pipeline(source, process.stdout, { signal, end: false })
    else {
      await writeWhole(flags.output, source, signal)
      out.note(`Wrote ${flags.output}.`)
    }
  },
})

function tellErrors(out: Output, refused: number, errors: ImportReport['errors']): void {
  if (refused === 0) return
  for (const { line, pointer, message } of errors.slice(0, mostShown)) out.note(`line ${line}: ${pointer} ${message}`)
  if (errors.length > mostShown) out.note('…')
  out.note(`${refused} line${refused === 1 ? ' does' : 's do'} not fit.`)
}
