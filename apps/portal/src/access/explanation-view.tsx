import type { Explanation } from '@freehold/contract'
import { ArrowRight, CircleCheck, CircleX, Wrench } from 'lucide-react'
import { clsx } from 'clsx'
import { Prose } from '../ui/prose.tsx'
import { Tag } from '../ui/status.tsx'

/** The answer, the way that leads to it, and what stands in the way with its fix. */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  const { allowed, principal, permission, resource, role, path, conditions, obstacles } = explanation
  const Icon = allowed ? CircleCheck : CircleX
  return (
    <div className="grid gap-5" role="status">
      <p className={clsx('flex items-start gap-2.5 rounded-lg px-4 py-3', allowed ? 'bg-ok-soft text-ok' : 'bg-bad-soft text-bad')}>
        <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0" />
        <span className="min-w-0 text-pretty break-words">
          <strong className="font-medium">{principal.label}</strong> {allowed ? 'may' : 'may not'}{' '}
          <code className="font-mono text-xs">{permission}</code> on <strong className="font-medium">{resource.label}</strong>
          {role ? `, as ${role}.` : '.'}
        </span>
      </p>
      {path.length > 0 && (
        <section aria-labelledby="explained-path">
          <h2 id="explained-path" className="text-sm font-semibold">
            Through
          </h2>
          <ol className="mt-2 grid gap-1.5">
            {path.map((step) => (
              <li key={`${step.resource.id} ${step.relation} ${step.subject.id}`} className="flex flex-wrap items-center gap-2 text-sm">
                <Reference {...step.resource} />
                <Tag>{step.relation}</Tag>
                <ArrowRight aria-hidden className="size-3.5 text-fg-3 rtl:rotate-180" />
                <Reference {...step.subject} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {obstacles.length > 0 && (
        <section aria-labelledby="explained-obstacles">
          <h2 id="explained-obstacles" className="text-sm font-semibold">
            In the way
          </h2>
          <ul className="mt-2 grid gap-2">
            {obstacles.map(({ kind, message, fix }) => (
              <li key={kind} className="rounded-md px-3.5 py-3 ring-1 ring-line">
                <p className="text-pretty">
                  <Prose>{message}</Prose>
                </p>
                <p className="mt-1 flex items-start gap-2 text-sm text-pretty text-fg-2">
                  <Wrench aria-hidden className="mt-0.5 size-3.5 shrink-0 text-fg-3" />
                  <span className="min-w-0 break-words">
                    <Prose>{fix}</Prose>
                  </span>
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {conditions.length > 0 && (
        <section aria-labelledby="explained-conditions">
          <h2 id="explained-conditions" className="text-sm font-semibold">
            As long as
          </h2>
          <ul className="mt-2 list-disc ps-5 text-sm text-fg-2">
            {conditions.map((condition) => (
              <li key={condition}>
                <Prose>{condition}</Prose>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function Reference({ kind, label }: { kind: string; label: string }) {
  return (
    <span className="min-w-0 break-words">
      <span className="text-fg-3">{kind.replace('_', ' ')}</span> {label}
    </span>
  )
}
