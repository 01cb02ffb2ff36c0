import type { Group, GroupMember } from '@freehold/contract'
import type { Client } from '@freehold/sdk'
import { isUuid } from '@freehold/kit'
import { command, required, text, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import type { Column } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { accountArgument } from '../resources.ts'
import { findAccountPersonId } from './account-members.ts'

const columns: Column<Group>[] = [
  { header: 'NAME', cell: (group) => group.name },
  { header: 'PEOPLE', cell: (group) => String(group.members) },
  { header: 'CLAIM', cell: (group) => group.claim_value ?? '' },
  { header: 'ID', cell: (group) => group.id },
]
const memberColumns: Column<GroupMember>[] = [
  { header: 'NAME', cell: (member) => member.label },
  { header: 'TYPE', cell: (member) => member.subject_type },
  { header: 'SOURCE', cell: (member) => member.source },
  { header: 'ID', cell: (member) => member.subject_id },
]
const group = required('Name or id of the group')
const member = required("A person's e-mail or id; with --group a group's name or id")
const changeFlags = {
  description: text('TEXT', 'What it is for'),
  claim: text('VALUE', "Value of the identity provider's claim whose holders are members; none for no claim"),
}
const toClaim = (claim: string | undefined) => (claim === 'none' ? null : claim)

export const groupList = command({
  path: ['group', 'list'],
  summary: "List an account's groups.",
  args: { account: accountArgument },
  flags: listFlags,
  async run({ args, flags, sdk, out }) {
    const list = sdk.listGroups({ account_id: args.account, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), columns, 'It has no groups.')
  },
})

export const groupCreate = command({
  path: ['group', 'create'],
  summary: 'Create a group and print its id.',
  mutates: true,
  args: { account: accountArgument, name: required('Name') },
  flags: changeFlags,
  async run({ args, flags, sdk, out }) {
    const made = await sdk.createGroup({
      account_id: args.account,
      name: args.name,
      description: flags.description,
      claim_value: toClaim(flags.claim),
    })
    out.result(made.id, made)
  },
})

export const groupUpdate = command({
  path: ['group', 'update'],
  summary: "Change a group's name, description or claim.",
  mutates: true,
  args: { account: accountArgument, group },
  flags: { name: text('NAME', 'New name'), ...changeFlags },
  async run({ args, flags: { name, description, claim }, sdk, out }) {
    if ([name, description, claim].every((value) => value === undefined))
      throw new CommandFailure('usage', 'Nothing to change.', 'Give a flag.')
    const group_id = await findGroupId(sdk, args.account, args.group)
    const changed = await sdk.updateGroup({ account_id: args.account, group_id, name, description, claim_value: toClaim(claim) })
    out.result(`Changed ${changed.name}.`, changed)
  },
})

export const groupDelete = command({
  path: ['group', 'delete'],
  summary: 'Delete a group: whatever was shared with it ends.',
  mutates: true,
  args: { account: accountArgument, group },
  async run({ args, sdk, out, dryRun }) {
    const group_id = await findGroupId(sdk, args.account, args.group)
    const answer: unknown = await sdk.deleteGroup({ account_id: args.account, group_id })
    out.result(dryRun ? '' : `Deleted ${args.group}.`, answer ?? undefined)
  },
})

export const groupMembers = command({
  path: ['group', 'members'],
  summary: 'List the people in a group, and the groups inside it.',
  args: { account: accountArgument, group },
  flags: listFlags,
  async run({ args, flags, sdk, out }) {
    const group_id = await findGroupId(sdk, args.account, args.group)
    const list = sdk.listGroupMembers({ account_id: args.account, group_id, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), memberColumns, 'Nobody is in it.')
  },
})

type Verb = 'add' | 'remove'
const changeMember = (verb: Verb, summary: string) =>
  command({
    path: ['group', verb],
    summary,
    mutates: true,
    args: { account: accountArgument, group, member },
    flags: { group: toggle('The member is a group') },
    async run({ args, flags, sdk, out, dryRun }) {
      const place = { account_id: args.account, group_id: await findGroupId(sdk, args.account, args.group) }
      const answer: unknown = flags.group
        ? await sdk[verb === 'add' ? 'addGroupChild' : 'removeGroupChild']({
            ...place,
            child_id: await findGroupId(sdk, args.account, args.member),
          })
        : await sdk[verb === 'add' ? 'addGroupMember' : 'removeGroupMember']({
            ...place,
            user_id: await findAccountPersonId(sdk, args.account, args.member),
          })
      out.result(dryRun ? '' : `${verb === 'add' ? 'Added' : 'Removed'} ${args.member}.`, answer ?? undefined)
    },
  })

export const groupAdd = changeMember('add', 'Put a person or a group into a group.')
export const groupRemove = changeMember('remove', 'Take a person or a group out of a group.')

async function findGroupId(sdk: Client, accountId: string, word: string): Promise<string> {
  if (isUuid(word)) return word
  for await (const found of sdk.listGroups({ account_id: accountId, limit: 1000 })) if (found.name === word) return found.id
  throw new CommandFailure('notFound', `The account has no group "${word}".`, 'freehold group list ACCOUNT shows them.')
}
