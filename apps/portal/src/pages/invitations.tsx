import { getRouteApi } from '@tanstack/react-router'
import { Lock, Plus } from 'lucide-react'
import { InvitationsView } from '../invitations/invitations-view.tsx'
import { workspacePlace } from '../invitations/place.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

// The list itself waits for the page: who may not manage members would be refused.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/invitations')

export default function InvitationsPage() {
  const workspace = useWorkspace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const refusal = refusalOf(workspace, 'manage_members')
  const invite = (
    <Button data-create variant="primary" reason={refusal} onClick={() => void navigate({ search: { ...search, new: true } })}>
      <Plus aria-hidden className="size-4" />
      Invite
    </Button>
  )
  return (
    <Page title="Invitations" lead="People who are asked to join this workspace by email." actions={invite}>
      {workspace.permissions.includes('manage_members') ? (
        <InvitationsView
          place={workspacePlace(workspace)}
          refusal={refusal}
          search={search}
          onSearch={(next) => void navigate({ search: next, replace: true })}
        />
      ) : (
        <div className="mt-4 rounded-lg ring-1 ring-line">
          <Empty icon={<Lock />} title="You may not see the invitations" body={refusal} />
        </div>
      )}
    </Page>
  )
}
