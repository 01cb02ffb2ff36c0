import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { accountsQuery } from '../api/accounts.ts'
import { Skeleton } from '../ui/skeleton.tsx'

/** An account's name as a link. A workspace can be shared with someone who may not read its account. */
export function AccountName({ accountId }: { accountId: string }) {
  const { data, isPending } = useQuery(accountsQuery)
  if (isPending) return <Skeleton className="inline-block h-3.5 w-20 align-middle" />
  const account = data?.find(({ id }) => id === accountId)
  if (!account) return <span title="You may not read this account">Not shared with you</span>
  return (
    <Link
      to="/accounts/$accountId"
      params={{ accountId }}
      className="relative z-10 inline-block max-w-full truncate rounded-xs align-bottom underline-offset-2 hover:text-fg hover:underline"
    >
      {account.name}
    </Link>
  )
}
