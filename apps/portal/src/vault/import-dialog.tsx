import type { ImportReport, Workspace } from '@freehold/contract'
import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { describeProblem } from '../api/problem.ts'
import { heedSeal } from '../api/sealed.ts'
import { importRecords, type RecordFormat, refreshVault, tryImport } from '../api/vault.ts'
import { asSentence, plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { FormError } from '../ui/field.tsx'
import { Prose } from '../ui/prose.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { showToast } from '../ui/toast-store.ts'

type ImportDialogProps = { open: boolean; workspace: Workspace; collection: string; onClose: () => void }

/** Takes a file of records: looks at it by a dry run, tells which lines do not fit, then stores the others. */
export default function ImportDialog({ open, workspace, collection, onClose }: ImportDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      className="max-w-[560px]!"
      title={`Import into ${collection}`}
      description="CSV, whose header names the fields, or JSON Lines, a record a line. Each becomes a new record."
    >
      <ImportForm workspace={workspace} collection={collection} onClose={onClose} />
    </Dialog>
  )
}

type Chosen = { file: File; format: RecordFormat; report?: ImportReport }
const maxFileBytes = 256 * 1024 * 1024

const formatOf = ({ name, type }: File): RecordFormat => (/\.csv$/i.test(name) || type === 'text/csv' ? 'csv' : 'jsonl')

function ImportForm({ workspace, collection, onClose }: Omit<ImportDialogProps, 'open'>) {
  const [chosen, setChosen] = useState<Chosen>()
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState<'reading' | 'storing'>()
  const [dragged, setDragged] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const place = { workspaceId: workspace.id, collection }
  const report = chosen?.report

  const run = async (kind: 'reading' | 'storing', work: () => Promise<void>) => {
    setBusy(kind)
    setFault(undefined)
    try {
      await heedSeal(work)
    } catch (error) {
      setFault(describeProblem(error))
    } finally {
      setBusy(undefined)
    }
  }

  const take = (file: File | undefined) => {
    if (!file || busy) return
    setChosen(undefined)
    if (file.size > maxFileBytes) return setFault('The file is larger than 256 MiB. Import it in parts.')
    const format = formatOf(file)
    setChosen({ file, format })
    void run('reading', async () => setChosen({ file, format, report: await tryImport(place, file, format) }))
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setDragged(false)
    take(event.dataTransfer.files[0])
  }

  const store = () =>
    run('storing', async () => {
      if (!chosen) return
      const mode = report && report.refused > 0 ? 'skip_invalid' : 'all_or_nothing'
      const { imported } = await importRecords(place, chosen.file, { format: chosen.format, mode })
      showToast({ title: `${plural(imported, 'record')} imported` })
      await refreshVault(workspace.id)
      onClose()
    })

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void store()
      }}
    >
      <DialogBody>
        <div
          onDragOver={(event) => {
            event.preventDefault()
            setDragged(true)
          }}
          onDragLeave={() => setDragged(false)}
          onDrop={drop}
          className={`grid justify-items-center gap-2 rounded-md border border-dashed px-4 py-6 text-center ${dragged ? 'border-accent bg-accent-soft' : 'border-line-2'}`}
        >
          <p className="max-w-full text-sm break-words text-fg-2">
            {chosen
              ? `${chosen.file.name}, as ${chosen.format === 'csv' ? 'CSV' : 'JSON Lines'}`
              : 'Drop a file here, at most 100,000 records.'}
          </p>
          <input
            ref={picker}
            type="file"
            accept=".csv,.jsonl,.ndjson,text/csv,application/jsonl,application/x-ndjson"
            aria-label="File to import"
            className="hidden"
            onChange={({ target }) => {
              take(target.files?.[0])
              target.value = ''
            }}
          />
          <Button size="sm" disabled={busy !== undefined} onClick={() => picker.current?.click()}>
            <FileUp aria-hidden className="size-3.5" />
            {chosen ? 'Choose another file' : 'Choose a file'}
          </Button>
        </div>
        {busy && (
          <p role="status" className="inline-flex items-center gap-2 text-sm text-fg-2">
            <Spinner />
            {busy === 'reading' ? 'Each line is held against the schema. Nothing is stored yet.' : 'The records are stored.'}
          </p>
        )}
        <FormError>{fault}</FormError>
        {report && <Report report={report} />}
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={busy === 'storing'} disabled={!report || report.imported === 0}>
          {!report
            ? 'Import'
            : report.imported === 0
              ? 'Nothing to import'
              : `Import ${report.refused > 0 ? 'the other ' : ''}${plural(report.imported, 'record')}`}
        </Button>
      </DialogFoot>
    </form>
  )
}

function Report({ report: { imported, refused, errors } }: { report: ImportReport }) {
  return (
    <div role="status" className="rounded-md px-3 py-2.5 text-sm ring-1 ring-line">
      <p>
        <span className={imported > 0 ? 'text-ok' : 'text-fg-3'}>{plural(imported, 'record')} fit</span>
        {' · '}
        <span className={refused > 0 ? 'text-bad' : 'text-fg-3'}>{plural(refused, 'line')} refused</span>
      </p>
      {errors.length > 0 && (
        <ul aria-label="Refused lines" tabIndex={0} className="mt-2 grid max-h-52 gap-1 overflow-y-auto text-xs text-fg-2">
          {errors.map(({ line, pointer, message }, index) => (
            <li key={`${index} ${line}`} className="break-words">
              <span className="tnum font-medium text-fg">Line {line}</span> {pointer && <code className="font-mono">{pointer}</code>}{' '}
              <Prose>{asSentence(message)}</Prose>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
