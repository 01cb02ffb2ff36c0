import type { AccountMember } from '@freehold/contract'
import { sentenceCase } from '../text/words.ts'
import type { RadioCard } from '../ui/radio-cards.tsx'

export type AccountRole = AccountMember['role']

const descriptions: Record<AccountRole, string> = {
  member: 'Sees the account; workspaces are shared with them one by one.',
  billing: 'Sees and manages the bills.',
  admin: 'Runs the account and acts as admin in all its workspaces.',
  owner: 'Everything in Admin, and makes and removes owners.',
}

const cards = (Object.keys(descriptions) as AccountRole[]).map((value) => ({
  value,
  label: sentenceCase(value),
  description: descriptions[value],
}))

/** Roles that somebody with these permissions on the account may give. */
export const givableRoles = (permissions: readonly string[]): readonly RadioCard<AccountRole>[] =>
  cards.filter(({ value }) => value !== 'owner' || permissions.includes('transfer'))

/** Roles that a link may give: nobody becomes an owner by one. */
export const invitableRoles: readonly RadioCard<AccountRole>[] = cards.filter(({ value }) => value !== 'owner')
