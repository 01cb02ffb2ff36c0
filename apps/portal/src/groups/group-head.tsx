import type { Account, Group } from '@freehold/contract'
import { Plus } from 'lucide-react'
import { accountRefusal } from '../account/account-frame.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { ClaimValue } from './group-columns.tsx'

type GroupHeadProps = { account: Account; group: Group; onAdd: () => void; onEdit: () => void; onDelete: () => void }

/** What the group is, and what may be done with it. */
export function GroupHead({ account, group, onAdd, onEdit, onDelete }: GroupHeadProps) {
  const refusal = accountRefusal(account)
  return (
    <header className="mt-3 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h2 className="text-lg font-semibold tracking-[-0.018em] break-words">{group.name}</h2>
        {group.description && <p className="mt-0.5 max-w-2xl text-pretty break-words text-fg-2">{group.description}</p>}
        <p className="mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-fg-3">
          <span>
            Claim value: <ClaimValue value={group.claim_value} />
          </span>
          <CopyButton value={group.id} text={group.id} label="Copy group ID" />
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2 max-sm:basis-full">
        <Button reason={refusal} onClick={onDelete}>
          Delete
        </Button>
        <Button reason={refusal} onClick={onEdit}>
          Edit
        </Button>
        <Button data-create variant="primary" reason={refusal} onClick={onAdd}>
          <Plus aria-hidden className="size-4" />
          Add members
        </Button>
      </div>
    </header>
  )
}
