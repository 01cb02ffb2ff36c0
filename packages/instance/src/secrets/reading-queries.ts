import type { Statement, Tx } from '@freehold/db'
import type { SealedValue, SecretPlace } from './sealed-value.ts'

export type Reader = { kind: string; id: string; label: string }
type Wanted = { workspaceId: string; environment: string; reader: Reader; now: Date }

/** A secret with its sealed value, and the one before where a rotation lets both be valid. */
export type ReadableSecret = {
  environment: string
  key: string
  id: string
  category: 'runner' | 'integration' | 'custom'
  description: string
  managed: boolean
  version: number
  updated_at: Date
  updated_by: string | null
  current: SealedValue
  previous: (SealedValue & { version: number; validUntil: Date }) | null
}

type Row = Omit<ReadableSecret, 'current' | 'previous'> & {
  sealed: Buffer
  key_version: number
  previous_version: number | null
  previous_until: Date | null
  previous_sealed: Buffer | null
  previous_key_version: number | null
  previous_grace_seconds: number | null
  must_note: boolean
}

// The environment's own secret stands over the shared one. Its first reading after a rotation begins the end of the value before.
const noteText = (chosen: string) => `
  update instance.secret s set last_read_at = $3, last_read_by_kind = $4, last_read_by_id = $5, last_read_by_label = $6,
    previous_until = case when previous_grace_seconds is null then previous_until else $3::timestamptz + make_interval(secs => previous_grace_seconds) end,
    previous_grace_seconds = null
  where s.workspace_id = $1 and ${chosen} and (last_read_at is null or last_read_at < $3::timestamptz - interval '1 minute'
    or last_read_by_id is distinct from $5 or previous_grace_seconds is not null)`

const noteOne = noteText(`s.key = $7 and s.environment = (
    select max(environment) from instance.secret where workspace_id = $1 and key = $7 and environment in ('', $2))`)

// Locked in one order, so that two that read all do not wait for each other.
const noteAll = noteText(`(s.environment, s.key) in (
    select environment, key from instance.secret where workspace_id = $1 and environment in ('', $2)
      and (environment = $2 or not exists (
        select from instance.secret own where own.workspace_id = $1 and own.environment = $2 and own.key = secret.key))
    order by environment, key for update)`)

const readText = (which: string) => `
  select distinct on (s.key) s.environment, s.key, s.id, s.category, s.description, s.managed, s.version, s.updated_at, s.updated_by,
    v.sealed, v.key_version, p.version as previous_version, s.previous_until, p.sealed as previous_sealed, p.key_version as previous_key_version,
    s.previous_grace_seconds, (s.last_read_at is null or s.last_read_at < $3::timestamptz - interval '1 minute'
      or s.last_read_by_id is distinct from $4 or s.previous_grace_seconds is not null) as must_note
  from instance.secret s
  join instance.secret_version v on v.workspace_id = s.workspace_id and v.environment = s.environment and v.key = s.key and v.version = s.version
  left join instance.secret_version p on p.workspace_id = s.workspace_id and p.environment = s.environment and p.key = s.key
    and p.version = s.previous_version and s.previous_until >= $3
  where s.workspace_id = $1 and s.environment in ('', $2) ${which}
  order by s.key, s.environment desc`

/**
 * Reads, and notes who does. Of one reader who reads again and again each minute is noted once: most readings change no row, and
 * readers of one secret do not wait for each other.
 */
export async function readSecret(tx: Tx, { workspaceId, environment, key }: SecretPlace, { reader, now }: Pick<Wanted, 'reader' | 'now'>) {
  const values = [workspaceId, environment, now, reader.id, key]
  const note = {
    name: 'secret_note_reader',
    text: noteOne,
    values: [workspaceId, environment, now, reader.kind, reader.id, reader.label, key],
  }
  const [secret] = await readNoting(tx, { name: 'secret_read', text: readText('and s.key = $5'), values }, note)
  return secret
}

/** Same of all that an environment sees, by key. */
export function readSecrets(tx: Tx, { workspaceId, environment, reader, now }: Wanted): Promise<ReadableSecret[]> {
  const values = [workspaceId, environment, now, reader.id]
  const note = { name: 'secrets_note_reader', text: noteAll, values: [workspaceId, environment, now, reader.kind, reader.id, reader.label] }
  return readNoting(tx, { name: 'secrets_read', text: readText(''), values }, note)
}

async function readNoting(tx: Tx, read: Statement, note: Statement): Promise<ReadableSecret[]> {
  const rows = await tx.sql<Row>(read)
  if (!rows.some((row) => row.must_note)) return rows.map(toReadable)
  const isFirstUse = rows.some((row) => row.previous_grace_seconds !== null)
  // Sent together: the second reading sees what the note has waited for, such as somebody else's first use.
  const [, again] = await Promise.all([tx.sql(note), isFirstUse ? tx.sql<Row>(read) : rows])
  return again.map(toReadable)
}

function toReadable({ sealed, key_version: keyVersion, must_note: _, previous_grace_seconds: __, ...row }: Row): ReadableSecret {
  const { previous_version: version, previous_until: validUntil, previous_sealed, previous_key_version, ...known } = row
  const isValid = version !== null && validUntil !== null && previous_sealed !== null && previous_key_version !== null
  return {
    ...known,
    current: { sealed, keyVersion },
    previous: isValid ? { sealed: previous_sealed, keyVersion: previous_key_version, version, validUntil } : null,
  }
}
