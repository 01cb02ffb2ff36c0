import type { Environment } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { ArrowRight, ShieldCheck } from 'lucide-react'
import { environmentsQuery } from '../api/workspaces.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Status } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

/** dev → staging → prod, the way a release travels, and whatever else a workspace has after them. */
export function EnvironmentStrip({ workspaceId, provisioning }: { workspaceId: string; provisioning: boolean }) {
  const query = useQuery(environmentsQuery(workspaceId))
  return (
    <section aria-labelledby="environments">
      <h2 id="environments" className="sr-only">
        Environments
      </h2>
      <Loaded query={query} what="environments" skeleton={<StripSkeleton />}>
        {(environments) =>
          environments.length > 0 ? (
            <ol className="mt-5 grid gap-2.5 md:grid-cols-3 md:gap-9">
              {environments.map((environment, index) => (
                <li key={environment.id} className="relative min-w-0">
                  <EnvironmentCard environment={environment} />
                  {index < Math.min(2, environments.length - 1) && (
                    <ArrowRight
                      aria-hidden
                      className="absolute start-full top-1/2 ms-[10px] hidden size-4 -translate-y-1/2 text-fg-3 md:block rtl:rotate-180"
                    />
                  )}
                </li>
              ))}
            </ol>
          ) : (
            <p className="mt-5 rounded-lg px-4 py-3 text-fg-3 ring-1 ring-line">
              {provisioning ? 'The environments appear as they are made.' : 'This workspace has no environments.'}
            </p>
          )
        }
      </Loaded>
    </section>
  )
}

function EnvironmentCard({ environment: { slug, name, status, protected: isProtected, created_at } }: { environment: Environment }) {
  return (
    <article aria-label={`${name} environment`} className="rounded-lg bg-surface p-3.5 ring-1 ring-line md:p-4">
      <div className="flex items-center justify-between gap-3">
        <span className="truncate rounded-xs px-1.5 py-px font-mono text-xs ring-1 ring-line-2 ring-inset">{slug}</span>
        <Status value={status} />
      </div>
      <p className="mt-3 truncate text-md font-medium tracking-[-0.01em]">{name}</p>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-xs text-fg-3">
        <span>
          Created <TimeAgo at={created_at} />
        </span>
        {isProtected && (
          <span className="inline-flex items-center gap-1" title="Deploying here needs administer">
            <ShieldCheck aria-hidden className="size-3.5" />
            Protected
          </span>
        )}
      </p>
    </article>
  )
}

function StripSkeleton() {
  return (
    <div className="mt-5 grid gap-2.5 md:grid-cols-3 md:gap-9">
      {[0, 1, 2].map((index) => (
        <Skeleton key={index} className="h-[99px]" />
      ))}
    </div>
  )
}
