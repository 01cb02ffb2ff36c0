import type { ApiKey, Workspace } from '@freehold/contract'
import { sentenceCase } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { Expiry } from './expiry.tsx'
import { summarizeLimits } from './limits.ts'

export type KeyAction = 'rotate' | 'revoke' | 'limits'
type KeyColumns = { workspace: Workspace; keys: readonly ApiKey[]; onAct: (action: KeyAction, key: ApiKey) => void }

export function keyColumns({ workspace, keys, onAct }: KeyColumns): Column<ApiKey>[] {
  return [
    {
      header: 'Name',
      width: 'minmax(150px,1.8fr)',
      narrow: 'title',
      cell: (key) => (
        <span className="block min-w-0">
          <span className="block font-medium break-words">{key.name}</span>
          {key.description && <span className="block text-xs break-words text-fg-3">{key.description}</span>}
          <Succession apiKey={key} keys={keys} />
          {summarizeLimits(key) && (
            <button
              type="button"
              onClick={() => onAct('limits', key)}
              className="-ms-1 inline-flex min-h-6 max-w-full items-center rounded-xs px-1 text-start text-xs text-fg-2 underline decoration-dotted underline-offset-2 hover:bg-hover hover:text-fg coarse:min-h-10"
            >
              <span className="sr-only">Limits of {key.name}: </span>
              {summarizeLimits(key)}
            </button>
          )}
        </span>
      ),
    },
    {
      header: 'Key',
      width: 'minmax(84px,1fr)',
      narrow: 'line',
      cell: ({ prefix, created_at }) => (
        <>
          <span className="block truncate font-mono text-xs @max-[46rem]:inline">{prefix}…</span>
          <span className="block truncate text-xs text-fg-3 @max-[46rem]:hidden">
            Created <TimeAgo at={created_at} />
          </span>
        </>
      ),
    },
    {
      header: 'Role',
      width: '60px',
      narrow: 'line',
      cell: ({ role }) => <Tag tone={role === 'admin' ? 'warn' : 'idle'}>{sentenceCase(role)}</Tag>,
    },
    { header: 'Last used', width: '112px', narrow: 'line', cell: (key) => <LastUse apiKey={key} /> },
    { header: 'Expires', width: '92px', narrow: 'line', cell: ({ expires_at }) => <Expiry at={expires_at} /> },
    {
      header: 'Actions',
      headerHidden: true,
      width: '136px',
      narrow: 'aside',
      cell: (key) => (
        <span className="flex justify-end gap-1">
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Rotate ${key.name}`}
            reason={refusalOf(workspace, 'manage_members') ?? rotationRefusal(key, keys)}
            onClick={() => onAct('rotate', key)}
          >
            Rotate
          </Button>
          <Button size="sm" variant="ghost" aria-label={`Revoke ${key.name}`} onClick={() => onAct('revoke', key)}>
            Revoke
          </Button>
        </span>
      ),
    },
  ]
}

const isOver = ({ expires_at }: ApiKey) => expires_at !== null && Date.parse(expires_at) <= Date.now()
const successorOf = (key: ApiKey, keys: readonly ApiKey[]) => keys.find((other) => other.replaces === key.id && !isOver(other))

/** Why a key cannot be rotated; undefined where it can. */
export function rotationRefusal(key: ApiKey, keys: readonly ApiKey[]): string | undefined {
  if (isOver(key)) return 'It has expired. Create a new key.'
  return successorOf(key, keys) && 'It has been rotated already. Rotate the key that replaces it.'
}

/** Which key this one came from, and which came from it: two rows of the same name are hard to tell apart. */
function Succession({ apiKey, keys }: { apiKey: ApiKey; keys: readonly ApiKey[] }) {
  const successor = successorOf(apiKey, keys)
  const predecessor = keys.find(({ id }) => id === apiKey.replaces)
  if (successor) return <Note text="Replaced by" prefix={successor.prefix} />
  if (!apiKey.replaces) return null
  return predecessor ? (
    <Note text="Replaces" prefix={predecessor.prefix} />
  ) : (
    <span className="block text-xs text-fg-3">Replaces a revoked key</span>
  )
}

function Note({ text, prefix }: { text: string; prefix: string }) {
  return (
    <span className="block truncate text-xs text-fg-3">
      {text} <span className="font-mono">{prefix}…</span>
    </span>
  )
}

function LastUse({ apiKey: { last_used_at, last_used_ip } }: { apiKey: ApiKey }) {
  if (!last_used_at) return 'Never'
  return (
    <>
      <TimeAgo at={last_used_at} />
      {last_used_ip && (
        <span className="block truncate font-mono text-xs text-fg-3 @max-[46rem]:inline" title={last_used_ip}>
          <span className="@[46rem]:sr-only"> from </span>
          {last_used_ip}
        </span>
      )}
    </>
  )
}
