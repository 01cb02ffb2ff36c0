import type { AuditEvent } from '@freehold/contract'
import { text } from './framework/command.ts'
import { type Column, shownTime } from './framework/output.ts'

export const auditColumns: Column<AuditEvent>[] = [
  { header: 'AT', cell: (event) => shownTime(event.at) },
  { header: 'ACTOR', cell: (event) => event.actor.label || event.actor.id },
  { header: 'ACTION', cell: (event) => event.action },
  { header: 'RESOURCE', cell: (event) => `${event.resource.kind} ${event.resource.label || event.resource.id}` },
  { header: 'SEQ', cell: (event) => (event.seq === null ? null : String(event.seq)) },
]

/** Flags that narrow a feed. */
export const auditFilters = {
  actor: text('ID', "Only this actor's"),
  action: text('ACTION', 'Such as workspace.freeze, or workspace. for all of its verbs'),
  resource: text('RESOURCE', 'A kind, an id, or kind:id'),
  since: text('TIME', 'From this time on, RFC 3339'),
  until: text('TIME', 'Up to this time, RFC 3339'),
}

/** An event in one line, for a feed that is watched. */
export function describeEvent(event: AuditEvent): string {
  return auditColumns
    .map((column) => column.cell(event))
    .filter(Boolean)
    .join('  ')
}
