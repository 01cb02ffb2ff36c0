import { KeySquare, Plus } from 'lucide-react'
import type { LoadedOrgWorkspace } from '../api/programs.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Empty } from '../ui/empty.tsx'
import { Tag } from '../ui/status.tsx'
import type { OnAct } from './token-dialogs.tsx'

const mostKeys = 20

type PublicKeysCardProps = { org: LoadedOrgWorkspace; refusal: string | undefined; onAct: OnAct }

export function PublicKeysCard({ org: { publicKeys }, refusal, onAct }: PublicKeysCardProps) {
  const full = publicKeys.length >= mostKeys ? `There are ${mostKeys}, which is the most. Remove one first.` : undefined
  return (
    <Card
      title="Public signing keys"
      action={
        <Button size="sm" reason={refusal ?? full} onClick={() => onAct({ action: 'add-key' })}>
          <Plus aria-hidden className="size-3.5" />
          Add key
        </Button>
      }
    >
      {publicKeys.length > 0 ? (
        <ul className="divide-y divide-line">
          {publicKeys.map(({ kid, algorithm }) => (
            <li key={kid} className="flex min-h-[54px] items-center gap-3 px-4 py-2">
              <span className="min-w-0 flex-1 font-mono text-xs break-all">{kid}</span>
              <Tag>{algorithm}</Tag>
              <Button
                size="sm"
                variant="ghost"
                aria-label={`Remove ${kid}`}
                reason={refusal}
                onClick={() => onAct({ action: 'remove-key', id: kid })}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <Empty
          level="h3"
          icon={<KeySquare />}
          title="No public keys"
          body="Add the public half of a key pair, and tokens signed with the private half are taken. The private half stays with you."
        />
      )}
    </Card>
  )
}
