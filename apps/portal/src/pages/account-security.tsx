import type { Account } from '@freehold/contract'
import { getRouteApi } from '@tanstack/react-router'
import { AccountFrame } from '../account/account-frame.tsx'
import { KeyLifetimeCard } from '../account/key-lifetime-card.tsx'
import { SecondFactorCard } from '../account/second-factor-card.tsx'
import { accountQuery } from '../api/accounts.ts'
import { queryClient } from '../api/query-client.ts'

export function loader({ params: { accountId } }: { params: { accountId: string } }): void {
  void queryClient.prefetchQuery(accountQuery(accountId))
}

const route = getRouteApi('/shell/accounts/$accountId/security')

export default function AccountSecurityPage() {
  return <AccountFrame Body={Security} />
}

function Security({ account }: { account: Account }) {
  const { action } = route.useSearch()
  const navigate = route.useNavigate()
  const ask = (asking: boolean) => void navigate({ search: asking ? { action: 'second-factor' } : {}, replace: !asking })
  return (
    <div className="mt-6 grid max-w-2xl gap-5">
      <SecondFactorCard account={account} asking={action === 'second-factor'} onAsk={ask} />
      <KeyLifetimeCard key={account.id} account={account} />
    </div>
  )
}
