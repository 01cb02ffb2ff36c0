import { X } from 'lucide-react'
import type { AuditFilters } from '../api/audit.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/select.tsx'
import { auditActionNames } from './phrases.ts'

type AuditFilterBarProps = { filters: AuditFilters; onFilter: (change: AuditFilters) => void; onClear: () => void }

const dateClass =
  'h-8 rounded-sm bg-surface px-2 text-sm text-fg shadow-control ring-1 ring-line-2 outline-none ring-inset focus:ring-2 focus:ring-accent coarse:h-10 coarse:text-[1rem]'

export function AuditFilterBar({ filters, onFilter, onClear }: AuditFilterBarProps) {
  const { actor, action, resource, since, until } = filters
  const filtered = Boolean(actor || action || resource || since || until)
  return (
    <div role="search" aria-label="Filter events" className="mt-6 flex flex-wrap items-center gap-2">
      <Select
        compact
        label="Action"
        value={action ?? ''}
        onChange={(value) => onFilter({ action: value || undefined })}
        options={[{ value: '', label: 'Any action' }, ...actionOptions(action)]}
      />
      <DateField label="From" value={since} onChange={(value) => onFilter({ since: value })} />
      <DateField label="To" value={until} onChange={(value) => onFilter({ until: value })} />
      <span className="text-xs text-fg-3">UTC</span>
      {actor && <Chip label={`Actor ${actor}`} onRemove={() => onFilter({ actor: undefined })} />}
      {resource && <Chip label={resource} onRemove={() => onFilter({ resource: undefined })} />}
      {filtered && (
        <Button variant="ghost" onClick={onClear}>
          <X aria-hidden className="size-3.5" />
          Clear
        </Button>
      )}
    </div>
  )
}

/** Every action, every family of them, and whatever else the URL asks for. */
function actionOptions(current: string | undefined) {
  const families = [...new Set(auditActionNames.map((name) => `${name.split('.')[0]}.`))]
  const options = families.flatMap((family) => [
    { value: family, label: `${family}*` },
    ...auditActionNames.filter((name) => name.startsWith(family)).map((name) => ({ value: name, label: name })),
  ])
  return !current || options.some(({ value }) => value === current) ? options : [...options, { value: current, label: current }]
}

function DateField({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  return (
    <label className="flex items-center gap-1.5 text-xs text-fg-3">
      {label}
      <input type="date" value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)} className={dateClass} />
    </label>
  )
}

function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <span className="inline-flex h-8 max-w-full min-w-0 items-center gap-1 rounded-sm bg-accent-soft ps-2.5 pe-1 text-xs text-accent coarse:h-10">
      <span className="max-w-56 truncate">{label}</span>
      <button
        type="button"
        aria-label={`Remove the filter ${label}`}
        onClick={onRemove}
        className="grid size-6 place-items-center rounded-xs hover:bg-hover"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  )
}
