import type { Account } from '@freehold/contract'
import { command } from '../framework/command.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'

const columns: Column<Account>[] = [
  { header: 'NAME', cell: (account) => account.name },
  { header: 'SLUG', cell: (account) => account.slug },
  { header: 'ID', cell: (account) => account.id },
  { header: 'CREATED', cell: (account) => shownTime(account.created_at) },
]

export const accountList = command({
  path: ['account', 'list'],
  summary: 'List the accounts that you may read.',
  flags: listFlags,

  async run({ flags, sdk, out }) {
    const accounts = await takeItems(sdk.listAccounts({ limit: pageSize(flags) }), flags, out)
    out.list(accounts, columns, 'You may read no account.')
  },
})
