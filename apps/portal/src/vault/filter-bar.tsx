import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/select.tsx'
import { type Condition, type ConditionOp, opLabel, opsOf, takesValue } from './conditions.ts'
import type { VaultField } from './fields.ts'

type FilterBarProps = {
  /** Those that can be compared. */
  fields: readonly VaultField[]
  sortable: readonly VaultField[]
  conditions: readonly Condition[]
  sort: string | undefined
  onChange: (conditions: readonly Condition[]) => void
  onSort: (sort: string | undefined) => void
}

/** What the records are filtered and sorted by, and a line to add another condition. */
export function FilterBar({ fields, sortable, conditions, sort, onChange, onSort }: FilterBarProps) {
  return (
    <div role="search" aria-label="Filter records" className="mt-5 grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {fields.length > 0 && <AddCondition fields={fields} onAdd={(condition) => onChange([...conditions, condition])} />}
        <span className="grow max-sm:hidden" />
        <Select
          compact
          label="Sort"
          value={sort ?? ''}
          onChange={(value) => onSort(value || undefined)}
          options={[
            { value: '', label: 'Newest first' },
            ...sortable.flatMap(({ path, title }) => [
              { value: path, label: `${title}, upwards` },
              { value: `-${path}`, label: `${title}, downwards` },
            ]),
          ]}
        />
      </div>
      {conditions.length > 0 && (
        <ul aria-label="Conditions" className="flex flex-wrap items-center gap-2">
          {conditions.map(([path, op, value], index) => {
            const text = `${path} ${opLabel(op)}${takesValue(op) ? ` ${value}` : ''}`
            return (
              <li
                key={`${index} ${text}`}
                className="inline-flex max-w-full items-center rounded-sm bg-accent-soft ps-2 text-sm text-accent"
              >
                <span className="truncate">{text}</span>
                <button
                  type="button"
                  aria-label={`Remove the condition ${text}`}
                  onClick={() => onChange(conditions.filter((_, other) => other !== index))}
                  className="grid size-7 shrink-0 place-items-center rounded-sm hover:bg-hover coarse:size-10"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              </li>
            )
          })}
          <li>
            <Button size="sm" variant="ghost" onClick={() => onChange([])}>
              Clear all
            </Button>
          </li>
        </ul>
      )}
    </div>
  )
}

const inputClass =
  'h-8 min-w-0 grow rounded-sm bg-surface px-2.5 text-sm shadow-control ring-1 ring-line-2 outline-none ring-inset placeholder:text-fg-3 focus:ring-2 focus:ring-accent sm:max-w-56 coarse:h-10 coarse:text-[1rem]'

function AddCondition({ fields, onAdd }: { fields: readonly VaultField[]; onAdd: (condition: Condition) => void }) {
  const [path, setPath] = useState(fields[0]?.path ?? '')
  const [wantedOp, setOp] = useState<ConditionOp>('eq')
  const [text, setText] = useState('')
  const field = fields.find((known) => known.path === path) ?? fields[0]
  if (!field) return null
  const ops = opsOf(field)
  const op = ops.includes(wantedOp) ? wantedOp : (ops[0] ?? 'eq')
  const options = field.kind === 'boolean' ? ['true', 'false'] : field.kind === 'enum' ? field.options.map(String) : undefined
  const choices = op === 'in' ? undefined : options
  const value = choices ? (choices.includes(text) ? text : (choices[0] ?? '')) : text
  const isWhole = !takesValue(op) || value.trim() !== ''
  return (
    <form
      className="flex min-w-0 flex-wrap items-center gap-2 max-sm:w-full"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isWhole) return
        onAdd([field.path, op, takesValue(op) ? value.trim() : ''])
        setText('')
      }}
    >
      <Select
        compact
        label="Field"
        value={field.path}
        onChange={(next) => {
          setPath(next)
          setText('')
        }}
        options={fields.map((known) => ({ value: known.path, label: known.title }))}
      />
      <Select
        compact
        label="Comparison"
        value={op}
        onChange={(next) => setOp(ops.find((known) => known === next) ?? 'eq')}
        options={ops.map((known) => ({ value: known, label: opLabel(known) }))}
      />
      {takesValue(op) &&
        (choices ? (
          <Select
            compact
            label="Value"
            value={value}
            onChange={setText}
            options={choices.map((choice) => ({ value: choice, label: choice }))}
          />
        ) : (
          <input
            data-filter
            aria-label="Value"
            value={text}
            type={op === 'in' ? 'text' : field.scalar === 'number' ? 'number' : field.kind === 'date' ? 'date' : 'text'}
            step="any"
            maxLength={1000}
            placeholder={op === 'in' ? 'One, another' : 'Value'}
            autoComplete="off"
            onChange={({ target }) => setText(target.value)}
            className={inputClass}
          />
        ))}
      <Button type="submit" disabled={!isWhole}>
        <Plus aria-hidden className="size-3.5" />
        Add filter
      </Button>
    </form>
  )
}
