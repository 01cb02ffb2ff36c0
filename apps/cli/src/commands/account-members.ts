import { type AccountMember, accountRoles } from '@freehold/contract'
import type { Client } from '@freehold/sdk'
import { isUuid } from '@freehold/kit'
import { durationOrNever } from '../durations.ts'
import { choice, command, required, text } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { accountArgument } from '../resources.ts'

const columns: Column<AccountMember>[] = [
  { header: 'NAME', cell: (member) => member.label },
  { header: 'E-MAIL', cell: (member) => member.email ?? '' },
  { header: 'ROLE', cell: (member) => member.role },
  { header: 'SINCE', cell: (member) => shownTime(member.created_at) },
  { header: 'ID', cell: (member) => member.user_id },
]
const person = required("The person's e-mail or id")

export const accountMemberList = command({
  path: ['account-member', 'list'],
  summary: "List an account's people and their roles.",
  args: { account: accountArgument },
  flags: listFlags,
  async run({ args, flags, sdk, out }) {
    const list = sdk.listAccountMembers({ account_id: args.account, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), columns, 'Nobody has a role.')
  },
})

export const accountMemberAdd = command({
  path: ['account-member', 'add'],
  summary: 'Give a person a role on an account.',
  mutates: true,
  args: { account: accountArgument, person, role: required(`One of ${accountRoles.join(', ')}`) },
  async run({ args, sdk, out }) {
    const member = await sdk.addAccountMember({ account_id: args.account, subject: args.person, role: args.role as AccountMember['role'] })
    out.result(`${member.label} has the role ${member.role}.`, member)
  },
})

export const accountMemberUpdate = command({
  path: ['account-member', 'update'],
  summary: "Change a person's role on an account.",
  mutates: true,
  args: { account: accountArgument, person, role: required(`One of ${accountRoles.join(', ')}`) },
  async run({ args, sdk, out }) {
    const user_id = await findAccountPersonId(sdk, args.account, args.person)
    const member = await sdk.updateAccountMember({ account_id: args.account, user_id, role: args.role as AccountMember['role'] })
    out.result(`${member.label} has the role ${member.role}.`, member)
  },
})

export const accountMemberRemove = command({
  path: ['account-member', 'remove'],
  summary: 'Remove a person from an account and its groups.',
  mutates: true,
  args: { account: accountArgument, person },
  async run({ args, sdk, out, dryRun }) {
    const user_id = await findAccountPersonId(sdk, args.account, args.person)
    const answer: unknown = await sdk.removeAccountMember({ account_id: args.account, user_id })
    out.result(dryRun ? '' : `Removed ${args.person}.`, answer ?? undefined)
  },
})

export const accountUpdate = command({
  path: ['account', 'update'],
  summary: "Change an account's name or policies.",
  mutates: true,
  args: { account: accountArgument },
  flags: {
    name: text('NAME', 'New name'),
    requireSecondFactor: choice(['yes', 'no'], 'Let in only who has signed in with a second factor'),
    longestKeyLifetime: durationOrNever('The longest life of an API key, such as 90d; never for any'),
  },
  async run({ args, flags, sdk, out }) {
    if (Object.values(flags).every((value) => value === undefined)) throw new CommandFailure('usage', 'Nothing to change.', 'Give a flag.')
    const account = await sdk.updateAccount({
      account_id: args.account,
      name: flags.name,
      require_second_factor: flags.requireSecondFactor && flags.requireSecondFactor === 'yes',
      max_api_key_lifetime_seconds: flags.longestKeyLifetime,
    })
    out.result(`Changed ${account.slug}.`, account)
  },
})

/** Of somebody with a role on the account, by e-mail or id. */
export async function findAccountPersonId(sdk: Client, accountId: string, word: string): Promise<string> {
  if (isUuid(word)) return word
  for await (const member of sdk.listAccountMembers({ account_id: accountId, limit: 1000 })) {
    if (member.email?.toLowerCase() === word.toLowerCase()) return member.user_id
  }
  throw new CommandFailure(
    'notFound',
    `Nobody on the account has the e-mail "${word}".`,
    'freehold account-member list ACCOUNT shows them.',
  )
}
