import type { Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { Database, Plus } from 'lucide-react'
import { installationUrl } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Empty } from '../ui/empty.tsx'
import { refusalOf } from '../workspace/refusals.ts'

export function NoCollectionsYet({ workspace, onCreate }: { workspace: Workspace; onCreate: () => void }) {
  return (
    <Empty
      icon={<Database />}
      title="No collections yet"
      body="A collection keeps JSON records that fit its schema. Fields that you mark as sensitive are encrypted one by one and shown as a mask. Create one here, or by this command:"
      actions={
        <Button reason={refusalOf(workspace, 'ddl')} onClick={onCreate}>
          <Plus aria-hidden className="size-4" />
          Create the first
        </Button>
      }
    >
      <CodeSnippet label="Terminal" code={createSnippet(workspace.id)} />
      <TokenNote />
    </Empty>
  )
}

/** Where the token of a snippet comes from. */
export function TokenNote() {
  return (
    <p className="mt-2 text-xs text-fg-3">
      <code>FREEHOLD_TOKEN</code> is a{' '}
      <Link to="/me" search={{ new: true }} className="underline underline-offset-2 hover:text-fg">
        personal access token
      </Link>
      .
    </p>
  )
}

const createSnippet = (workspaceId: string) =>
  [
    `curl -X POST "${installationUrl}/v1/workspaces/${workspaceId}/vault/collections" \\`,
    `  -H "Authorization: Bearer $FREEHOLD_TOKEN" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"name": "people", "schema": {"type": "object", "properties": {`,
    `        "name": {"type": "string"}, "ssn": {"type": "string", "x-sensitive": true}}}}'`,
  ].join('\n')
