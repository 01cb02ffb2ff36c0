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
