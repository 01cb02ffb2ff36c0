const names = [
  'id',
  'at',
  'actor_kind',
  'actor_id',
  'actor_label',
  'action',
  'resource_kind',
  'resource_id',
  'resource_label',
  'before',
  'after',
  'request_id',
  'ip',
  'workspace_id',
  'account_id',
  'seq',
]

/** Columns of a `StoredEvent`, of the table or alias `e`. */
export const eventColumns = names.map((name) => `e.${name}`).join(', ')
/** Columns of a `SealedRow`. */
export const sealedColumns = `${eventColumns}, e.prev_hash, e.hash`
/** A `SealedEvent` as JSON. */
export const sealedText = `json_build_object(
  'id', e.id, 'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'actor', json_build_object('kind', e.actor_kind, 'id', e.actor_id, 'label', e.actor_label), 'action', e.action,
  'resource', json_build_object('kind', e.resource_kind, 'id', e.resource_id, 'label', e.resource_label),
  'before', e.before, 'after', e.after, 'request_id', e.request_id, 'ip', e.ip, 'workspace_id', e.workspace_id, 'account_id', e.account_id,
  'seq', e.seq, 'prev_hash', e.prev_hash, 'hash', e.hash)::text`
