import type { Account } from '@freehold/contract'
import { getRouteApi } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { AccountFrame, accountRefusal } from '../account/account-frame.tsx'
import { CreateButton } from '../account/create-button.tsx'
import { InvitationsView } from '../invitations/invitations-view.tsx'
import { accountPlace } from '../invitations/place.ts'
import { Empty } from '../ui/empty.tsx'

export function loader(): void {}

const route = getRouteApi('/shell/accounts/$accountId/invitations')

export default function AccountInvitationsPage() {
  return <AccountFrame Actions={Invite} Body={Invitations} />
}

function Invite({ account }: { account: Account }) {
  return <CreateButton account={account}>Invite</CreateButton>
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
