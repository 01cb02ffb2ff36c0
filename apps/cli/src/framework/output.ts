import { styleText } from 'node:util'
import { printable, renderTable } from './table.ts'

export type Field = readonly [label: string, text: string | null]
export type Column<T> = { header: string; cell: (row: T) => string | null; paint?: typeof paintStatus }

/** Results go to standard output, everything else to standard error, so that `KEY=$(freehold …)` captures only the key. */
export type Output = {
  /** What the command was called for: `human` for people, `value` for --json and dry runs. */
  result: (human: string, value: unknown) => void
  list: <T>(rows: readonly T[], columns: readonly Column<T>[], empty: string) => void
  /** `fields` is called only for people: what a dry run answers may lack some. */
  record: (fields: () => Field[], value: unknown) => void
  /** A value as it is, to the byte: with a line's end on a terminal alone. */
  exact: (text: string, value: unknown) => void
  /** One of many results that come over time; with --json, JSON Lines. */
  line: (human: string, value: unknown) => void
  note: (message: string) => void
}

export function createOutput({ json, dryRun }: { json: boolean; dryRun: boolean }): Output {
  const print = (text: string) => void process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)
  const note = (message: string) => void process.stderr.write(`${message.split('\n').map(printable).join('\n')}\n`)
  const show = (human: () => string, value: unknown) => {
    if (dryRun) note('Dry run: nothing was changed.')
    if (json || dryRun) print(value === undefined ? '' : JSON.stringify(value, null, 2))
    else print(human())
  }
  return {
    note,
    result: (human, value) => show(() => human.split('\n').map(printable).join('\n'), value),
    record: (fields, value) => show(() => renderRecord(fields()), value),
    list: (rows, columns, empty) => {
      if (rows.length === 0 && !json) note(empty)
      else show(() => renderRows(rows, columns), rows)
    },
    exact: (text, value) => {
      if (json) print(JSON.stringify(value, null, 2))
      else process.stdout.write(process.stdout.isTTY && !text.endsWith('\n') ? `${text}\n` : text)
    },
    line: (human, value) => print(json ? JSON.stringify(value) : printable(human)),
  }
}

function renderRows<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  return renderTable(
    columns.map((column) => column.header),
    rows.map((row) => columns.map((column) => column.cell(row) ?? '-')),
    (cell, column) => columns[column]?.paint?.(cell) ?? cell,
  )
}

function renderRecord(fields: readonly Field[]): string {
  const rows = fields.map(([label, text]) => [label, text ?? '-'])
  const status = fields.find(([label]) => label === 'Status')?.[1]
  return renderTable(['', ''], rows, (cell, column) => (column === 1 && cell === status ? paintStatus(cell) : cell))
}

const colours: Record<string, 'green' | 'yellow' | 'red' | 'blue'> = {
  active: 'green',
  succeeded: 'green',
  provisioning: 'yellow',
  queued: 'yellow',
  running: 'yellow',
  compensating: 'yellow',
  failed: 'red',
  frozen: 'blue',
}

/** Coloured on a terminal that wants colours, unchanged elsewhere. */
export function paintStatus(status: string, stream: NodeJS.WriteStream = process.stdout): string {
  const colour = colours[status]
  return colour ? styleText(colour, status, { stream }) : status
}

/** RFC 3339 to the second, as people read it; null for never. */
export function shownTime(at: string | null): string | null {
  return at === null ? null : `${at.slice(0, 19).replace('T', ' ')}Z`
}
