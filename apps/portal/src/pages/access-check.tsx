import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { ExplanationView } from '../access/explanation-view.tsx'
import { permissionOptions, readPermission } from '../access/permissions.ts'
import { explanationQuery } from '../api/explain.ts'
import type { ListSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { Select } from '../ui/select.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'

// What is asked is in the address, and asked once the page is there.
export function loader(): void {}

const route = getRouteApi('/shell/workspaces/$workspaceId/settings/access-check')

export default function AccessCheckPage() {
  const workspace = useWorkspace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [principal, setPrincipal] = useState(search.q ?? '')
  const [resource, setResource] = useState(search.id ?? '')
  const permission = readPermission(search.action)
  const mayAskAboutOthers = workspace.permissions.includes('manage_members')
  const query = useQuery({
    ...explanationQuery(workspace.id, { principal: search.q, permission, resource: search.id }),
    placeholderData: keepPreviousData,
  })
  const ask = (next: Pick<ListSearch, 'q' | 'id' | 'action'>) =>
    void navigate({ search: { q: search.q, id: search.id, action: search.action, ...next }, replace: true })

  return (
    <Page title="Access check" lead="Why somebody may, or may not, do something here, and what would change it.">
      <div className="mt-6 grid items-start gap-5 lg:grid-cols-[minmax(0,360px)_minmax(0,1fr)]">
        <Card title="Question" padded>
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault()
              ask({ q: principal.trim() || undefined, id: resource.trim() || undefined })
            }}
          >
            <Field
              label="Who"
              optional
              hint={mayAskAboutOthers ? 'An email, user:ID or api_key:ID. You, unless told.' : 'Asking about others needs manage_members.'}
            >
              {(control) => (
                <Input
                  {...control}
                  value={principal}
                  maxLength={254}
                  disabled={!mayAskAboutOthers}
                  placeholder="somebody@example.com"
                  onChange={(event) => setPrincipal(event.target.value)}
                />
              )}
            </Field>
            <Field label="Permission">
              {({ id }) => <Select id={id} value={permission} options={permissionOptions} onChange={(action) => ask({ action })} />}
            </Field>
            <Field label="On" optional hint="environment:prod, or a noun such as api_keys. The workspace, unless told.">
              {(control) => (
                <Input
                  {...control}
                  value={resource}
                  maxLength={100}
                  placeholder="environment:prod"
                  onChange={(event) => setResource(event.target.value)}
                />
              )}
            </Field>
            <Button type="submit" variant="primary" loading={query.isFetching}>
              Explain
            </Button>
          </form>
        </Card>
        <Loaded query={query} what="the explanation" skeleton={<SkeletonRows count={3} />}>
          {(explanation) => <ExplanationView explanation={explanation} />}
        </Loaded>
      </div>
    </Page>
  )
}
