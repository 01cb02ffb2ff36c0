import type { Account, Group, GroupMember } from '@freehold/contract'
import { accountGroupsKey } from '../api/account-people.ts'
import { client } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toast-store.ts'

type RemoveMemberDialogProps = { account: Account; group: Group; member: GroupMember; onClose: () => void }

/** Takes a person or a group out of a group, after saying what ends. */
export function RemoveMemberDialog({ account, group, member, onClose }: RemoveMemberDialogProps) {
  const place = { account_id: account.id, group_id: group.id }
  const isGroup = member.subject_type === 'group'
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title={`Take ${member.label} out of ${group.name}?`}
      consequence={
        isGroup
          ? 'Whatever its people have only through this group ends at once.'
          : 'Whatever they have only through this group ends at once.'
      }
      confirm="Take out"
      run={async () => {
        await (isGroup
          ? client.removeGroupChild({ ...place, child_id: member.subject_id })
          : client.removeGroupMember({ ...place, user_id: member.subject_id }))
        showToast({ title: `${member.label} is out of ${group.name}` })
        await queryClient.invalidateQueries({ queryKey: accountGroupsKey(account.id) })
      }}
    >
      {member.source === 'claim' && (
        <p className="text-sm text-pretty text-fg-2">
          A claim of the identity provider put them in. As long as it names <code>{group.claim_value}</code>, their next sign-in does so
          again.
        </p>
      )}
    </ConfirmDialog>
  )
}
