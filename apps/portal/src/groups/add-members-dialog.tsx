import type { Account, AccountMember, Group, GroupMember } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { accountGroupsKey, allAccountMembersQuery, allGroupMembersQuery } from '../api/account-people.ts'
import { client } from '../api/client.ts'
import { describeProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { accountGroupsQuery } from '../api/sharing.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { FormError } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { SearchList } from '../ui/search-list.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { Users } from 'lucide-react'

type AddMembersDialogProps = { open: boolean; account: Account; group: Group; onClose: () => void }

/** Puts people of the account, and groups, into a group: one choice after the other, each at once. */
export default function AddMembersDialog({ open, account, group, onClose }: AddMembersDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Add to ${group.name}`}
      description="Whoever you choose is in at once, with everything that is shared with the group."
    >
      <Candidates account={account} group={group} />
      <DialogFoot>
        <Button onClick={onClose}>Done</Button>
      </DialogFoot>
    </Dialog>
  )
}

function Candidates({ account, group }: { account: Account; group: Group }) {
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string>()
  const people = useQuery(allAccountMembersQuery(account.id))
  const groups = useQuery(accountGroupsQuery(account.id))
  const inside = useQuery(allGroupMembersQuery(account.id, group.id))
  const matches = (...texts: (string | null)[]) => texts.some((part) => part?.toLowerCase().includes(text.trim().toLowerCase()))

  const add = async (label: string, send: () => Promise<unknown>) => {
    setFault(undefined)
    try {
      await send()
    } catch (error) {
      return setFault(describeProblem(error))
    }
    showToast({ title: `${label} is in ${group.name}` })
    setText('')
    await queryClient.invalidateQueries({ queryKey: accountGroupsKey(account.id) })
  }
  const place = { account_id: account.id, group_id: group.id }
  const toPerson = ({ user_id, label, email }: AccountMember) => ({
    id: user_id,
    label,
    hint: email,
    icon: <Avatar name={label} />,
    onSelect: () => void add(label, () => client.addGroupMember({ ...place, user_id })),
  })
  const toGroup = ({ id, name }: Group) => ({
    id,
    label: name,
    icon: <Users aria-hidden />,
    onSelect: () => void add(name, () => client.addGroupChild({ ...place, child_id: id })),
  })
  return (
    <>
      {fault && (
        <DialogBody>
          <FormError>{fault}</FormError>
        </DialogBody>
      )}
      <div className="mt-4 border-t border-line">
        <Loaded query={inside} what="the members" skeleton={<SkeletonRows count={3} />}>
          {(members) => (
            <SearchList
              autoFocus
              label="People and groups of the account"
              placeholder="Find by name or email"
              text={text}
              onText={setText}
              groups={[
                {
                  heading: 'People',
                  items: (people.data ?? [])
                    .filter((person) => !isIn(members, person.user_id) && matches(person.label, person.email))
                    .map(toPerson),
                },
                {
                  heading: 'Groups',
                  items: (groups.data ?? []).filter(({ id, name }) => id !== group.id && !isIn(members, id) && matches(name)).map(toGroup),
                },
              ]}
              empty={
                text ? 'Nobody of the account matches.' : 'Everybody of the account is in the group already. Others join the account first.'
              }
            />
          )}
        </Loaded>
      </div>
    </>
  )
}

/** Who is in by a claim can still be put in by hand, and then stays when the claim goes. */
const isIn = (members: readonly GroupMember[], id: string) =>
  members.some((member) => member.subject_id === id && member.source === 'direct')
