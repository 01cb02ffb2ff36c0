import type { Account } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useParams } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { accountQuery } from '../api/accounts.ts'
import { needsSecondFactor } from '../api/problem.ts'
import { QueryFault } from '../layout/fault-pages.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

const tabs = [
  { to: '/accounts/$accountId', label: 'Overview' },
  { to: '/accounts/$accountId/members', label: 'People' },
  { to: '/accounts/$accountId/groups', label: 'Groups' },
  { to: '/accounts/$accountId/invitations', label: 'Invitations' },
  { to: '/accounts/$accountId/security', label: 'Security' },
] as const

type Part = ComponentType<{ account: Account }>
type AccountFrameProps = {
  Actions?: Part
  Body: Part
  /** What the page is about, where that is not its tab. */
  part?: string | undefined
}

/** The head that all pages of an account share: its name, its ids and the way to its other pages. */
export function AccountFrame({ Actions, Body, part }: AccountFrameProps) {
  const { accountId } = useParams({ strict: false }) as { accountId: string }
  const section = useLocation({ select: ({ pathname }) => pathname.split('/')[3] })
  const tab = tabs.find(({ to }) => section !== undefined && to.endsWith(`/${section}`))
  const { data: account, error, refetch } = useQuery(accountQuery(accountId))
  if (error && (!account || needsSecondFactor(error))) return <QueryFault error={error} onRetry={() => void refetch()} />
  if (!account) {
    return (
      <div role="status" aria-label="Loading the account" className="mx-auto w-full max-w-[1180px] px-4 pt-8 md:px-8">
        <Skeleton className="h-7 w-48" />
      </div>
    )
  }
  const lead = (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      Account
      <CopyButton value={account.slug} text={account.slug} label="Copy slug" />
      <CopyButton value={account.id} text={account.id} label="Copy account ID" />
    </span>
  )
  return (
    <Page title={account.name} part={part ?? tab?.label} lead={lead} actions={Actions && <Actions account={account} />}>
      <nav ref={showCurrent} aria-label="Account" className="mt-5 flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            params={{ accountId }}
            activeOptions={{ exact: to === '/accounts/$accountId', includeSearch: false }}
            activeProps={{ className: 'border-ink! font-medium text-fg!' }}
            className="-mb-px shrink-0 border-b-2 border-transparent px-3 py-2 text-sm text-fg-2 transition-colors hover:text-fg coarse:py-3"
          >
            {label}
          </Link>
        ))}
      </nav>
      <Body account={account} />
    </Page>
  )
}

/** Where the tabs are wider than the window. */
function showCurrent(nav: HTMLElement | null): void {
  nav?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

/** Why a person may not change the account; undefined where they may. */
export function accountRefusal(account: Account): string | undefined {
  if (account.permissions.includes('administer')) return undefined
  return 'It needs the permission administer on the account. Ask one of its owners or admins.'
}
