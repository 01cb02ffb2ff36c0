import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Ticket } from 'lucide-react'
import { orgWorkspaceQuery } from '../api/programs.ts'
import { queryClient } from '../api/query-client.ts'
import { KeySetCard } from '../tokens/key-set-card.tsx'
import { PublicKeysCard } from '../tokens/public-keys-card.tsx'
import { SecretCard } from '../tokens/secret-card.tsx'
import { type OnAct, TokenDialogs } from '../tokens/token-dialogs.tsx'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

export function loader({ params: { workspaceId } }: { params: { workspaceId: string } }): void {
  void queryClient.prefetchQuery(orgWorkspaceQuery(workspaceId))
}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/tokens')

export default function TokensPage() {
  const workspace = useWorkspace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(orgWorkspaceQuery(workspace.id))
  const refusal = refusalOf(workspace, 'administer')
  const onAct: OnAct = (asked) => void navigate({ search: asked })
  const make = (
    <Button data-create variant="primary" reason={refusal} onClick={() => void navigate({ search: { new: true } })}>
      <Ticket aria-hidden className="size-4" />
      Make a token
    </Button>
  )
  return (
    <Page
      title="Access tokens"
      lead="Short-lived credentials of this workspace, or of one tenant in it. Your back end signs them; you can make one here."
      actions={make}
    >
      <Loaded query={query} what="how tokens are verified" skeleton={<CardSkeletons />}>
        {(org) => (
          <>
            <div className="mt-6 grid items-start gap-5 lg:grid-cols-2">
              <SecretCard org={org} refusal={refusal} onAct={onAct} />
              <div className="grid min-w-0 content-start gap-5">
                <PublicKeysCard org={org} refusal={refusal} onAct={onAct} />
                <KeySetCard key={org.id} org={org} refusal={refusal} />
              </div>
            </div>
            {/* Not unmounted when a change is refused all of a sudden: a secret that is on the screen would be lost. */}
            <TokenDialogs org={org} search={refusal ? {} : search} onClose={() => void navigate({ search: {}, replace: true })} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function CardSkeletons() {
  return (
    <div className="mt-6 grid items-start gap-5 lg:grid-cols-2">
      <Skeleton className="h-[34rem] w-full" />
      <Skeleton className="h-80 w-full" />
    </div>
  )
}
