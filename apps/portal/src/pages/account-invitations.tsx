import type { Account } from '@freehold/contract'
import { getRouteApi } from '@tanstack/react-router'
import { Lock, Plus } from 'lucide-react'
import { AccountFrame, accountRefusal } from '../account/account-frame.tsx'
import { InvitationsView } from '../invitations/invitations-view.tsx'
import { accountPlace } from '../invitations/place.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

export function loader(): void {}

const route = getRouteApi('/shell/accounts/$accountId/invitations')

export default function AccountInvitationsPage() {
  return <AccountFrame Actions={Invite} Body={Invitations} />
}

function Invite({ account }: { account: Account }) {
  const navigate = route.useNavigate()
  return (
    <Button
      data-create
      variant="primary"
      reason={accountRefusal(account)}
      onClick={() => void navigate({ search: (before) => ({ ...before, new: true }) })}
    >
      <Plus aria-hidden className="size-4" />
      Invite
    </Button>
  )
}

function Invitations({ account }: { account: Account }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const refusal = accountRefusal(account)
  if (refusal) {
    return (
      <div className="mt-6 rounded-lg ring-1 ring-line">
        <Empty icon={<Lock />} title="You may not see the invitations" body={refusal} />
      </div>
    )
  }
  return (
    <InvitationsView
      place={accountPlace(account)}
      refusal={refusal}
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: true })}
    />
  )
}
