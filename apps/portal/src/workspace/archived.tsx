import type { Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { Archive } from 'lucide-react'
import { Banner } from '../ui/banner.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { archiveRefusal } from './refusals.ts'

export function ArchivedBanner({ workspace, onRestore }: { workspace: Workspace; onRestore: () => void }) {
  return (
    <Banner
      tone="warn"
      icon={<Archive aria-hidden />}
      title="This workspace is archived."
      action={
        <Button size="sm" className="text-fg" reason={archiveRefusal(workspace)} onClick={onRestore}>
          Restore
        </Button>
      }
    >
      It keeps its data, and answers its changelog and nothing else until it is restored.
    </Banner>
  )
}

/** Instead of a list that an archived workspace does not answer. */
export function ArchivedPlace({ workspace }: { workspace: Workspace }) {
  return (
    <div className="mt-4 rounded-lg ring-1 ring-line">
      <Empty
        icon={<Archive />}
        title="The workspace is archived"
        body="What belongs here is kept. Restore the workspace to see and change it."
        actions={
          <Link to="/workspaces/$workspaceId" params={{ workspaceId: workspace.id }} className={buttonClass()}>
            Go to the overview
          </Link>
        }
      />
    </div>
  )
}
