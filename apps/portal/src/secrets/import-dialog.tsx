import type { ImportedSecrets, Workspace } from '@freehold/contract'
import { FreeholdError } from '@freehold/sdk/core'
import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { client } from '../api/client.ts'
import { describeProblem } from '../api/problem.ts'
import { heedSeal } from '../api/sealed.ts'
import { refreshSecrets } from '../api/secrets.ts'
import { asSentence, plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, TextArea } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'
import { EnvironmentSelect } from './environment-select.tsx'
import { importFileTypes, readImport } from './read-import.ts'

type ImportDialogProps = { open: boolean; workspace: Workspace; environment: string | null; onClose: () => void }

/** Takes many secrets at once: pasted or from a file, looked at by a dry run, then stored. */
export default function ImportDialog({ open, workspace, environment, onClose }: ImportDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      className="max-w-[560px]!"
      title="Import secrets"
      description="Paste a .env file or a JSON object. Secrets that it does not name stay as they are."
    >
      <ImportForm workspace={workspace} start={environment} onClose={onClose} />
    </Dialog>
  )
}

type Fault = { summary: string; lines: readonly string[] }
const maxFileBytes = 1_000_000

function ImportForm({ workspace, start, onClose }: { workspace: Workspace; start: string | null; onClose: () => void }) {
  const [text, setText] = useState('')
  const [environment, setEnvironment] = useState(start)
  const [preview, setPreview] = useState<ImportedSecrets>()
  const [fault, setFault] = useState<Fault>()
  const [busy, setBusy] = useState(false)
  const [dragged, setDragged] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const changes = preview ? preview.created.length + preview.updated.length : 0

  /** A preview is of one text and one environment. */
  const change = (apply: () => void) => {
    apply()
    setPreview(undefined)
    setFault(undefined)
  }

  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > maxFileBytes) return setFault({ summary: 'The file is larger than 1 MB. Import it in parts.', lines: [] })
    const content = await file.text()
    change(() => setText(content))
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setDragged(false)
    void take(event.dataTransfer.files[0])
  }

  const send = async (dryRun: boolean) => {
    const body = readImport(text)
    if ('fault' in body) return setFault({ summary: body.fault, lines: [] })
    setBusy(true)
    setFault(undefined)
    try {
      const place = { workspace_id: workspace.id, environment: environment ?? undefined }
      const result = await heedSeal(() => client.importSecrets({ ...place, ...body }, { dryRun }))
      if (dryRun) return setPreview(result)
      showToast({ title: `${plural(result.created.length + result.updated.length, 'secret')} imported` })
      await refreshSecrets(workspace.id)
      onClose()
    } catch (error) {
      setPreview(undefined)
      setFault(faultOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send(preview === undefined)
      }}
    >
      <DialogBody>
        <Field label="Into">
          {({ id }) => (
            <EnvironmentSelect
              id={id}
              workspaceId={workspace.id}
              value={environment}
              onChange={(slug) => change(() => setEnvironment(slug))}
            />
          )}
        </Field>
        <div
          onDragOver={(event) => {
            event.preventDefault()
            setDragged(true)
          }}
          onDragLeave={() => setDragged(false)}
          onDrop={drop}
          className={dragged ? 'rounded-sm outline-2 outline-offset-4 outline-accent' : undefined}
        >
          <Field label="Secrets" hint="Or drop a file here. It is read by this page and sent only by Preview and Import.">
            {(control) => (
              <TextArea
                {...control}
                autoFocus
                rows={7}
                value={text}
                onChange={({ target }) => change(() => setText(target.value))}
                placeholder={'DATABASE_URL=postgres://…\nSMTP_PASSWORD="…"'}
                autoComplete="off"
                autoCapitalize="off"
                spellCheck={false}
                className="font-mono text-sm!"
              />
            )}
          </Field>
          <input
            ref={picker}
            type="file"
            accept={importFileTypes}
            aria-label="File to import"
            className="hidden"
            onChange={({ target }) => {
              void take(target.files?.[0])
              target.value = ''
            }}
          />
          <Button size="sm" className="mt-2" onClick={() => picker.current?.click()}>
            <FileUp aria-hidden className="size-3.5" />
            Choose a file
          </Button>
        </div>
        {fault && <Refusal fault={fault} />}
        {preview && <Preview preview={preview} />}
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        {preview ? (
          <Button type="submit" variant="primary" loading={busy} disabled={changes === 0}>
            {changes === 0 ? 'Nothing to import' : `Import ${plural(changes, 'secret')}`}
          </Button>
        ) : (
          <Button type="submit" variant="primary" loading={busy} disabled={text.trim() === ''}>
            Preview
          </Button>
        )}
      </DialogFoot>
    </form>
  )
}

/** Each line that is refused; one that is nobody's fault is told as any other. */
function faultOf(error: unknown): Fault {
  const errors = error instanceof FreeholdError ? error.errors : []
  if (errors.length === 0) return { summary: describeProblem(error), lines: [] }
  return {
    summary: `${plural(errors.length, 'entry', 'entries')} refused, so nothing is imported. Mend the text, then preview it again.`,
    lines: errors.map(({ pointer, message }) =>
      asSentence(pointer.startsWith('/body/secrets/') ? `${nameIn(pointer)} ${message}` : message),
    ),
  }
}

const nameIn = (pointer: string) => pointer.slice('/body/secrets/'.length).replaceAll('~1', '/').replaceAll('~0', '~')

function Refusal({ fault: { summary, lines } }: { fault: Fault }) {
  if (lines.length === 0) return <FormError>{summary}</FormError>
  return (
    <FormError>
      <>
        {summary}
        <ul aria-label="Refused" className="mt-1.5 max-h-40 list-disc overflow-y-auto ps-5" tabIndex={0}>
          {lines.map((line) => (
            <li key={line} className="break-words">
              {line.replaceAll('`', '')}
            </li>
          ))}
        </ul>
      </>
    </FormError>
  )
}

const groups = [
  { name: 'created', label: 'Added', className: 'text-ok' },
  { name: 'updated', label: 'Changed', className: 'text-warn' },
  { name: 'unchanged', label: 'Unchanged', className: 'text-fg-3' },
] as const

function Preview({ preview }: { preview: ImportedSecrets }) {
  return (
    <div role="status" className="rounded-md px-3 py-2.5 ring-1 ring-line">
      <dl className="grid gap-2.5">
        {groups.map(({ name, label, className }) => (
          <div key={name} className="grid grid-cols-[92px_1fr] gap-3 text-sm">
            <dt className={className}>
              {label} <span className="tnum">{preview[name].length}</span>
            </dt>
            <dd className="max-h-28 overflow-y-auto font-mono text-xs leading-5 break-all text-fg-2">
              {preview[name].join(', ') || <span className="text-fg-3">None</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
