import { mintGranted } from '@freehold/authz'
import type { Change, MutateOptions, Place, Principal, RequestContext } from '@freehold/authz/request'
import type { AuditAction, Permission, ResourceType } from '@freehold/contract'
import { type Database, type Db, EpochMoved, type Gate, type OpenTransaction, type Scope, type Tx } from '@freehold/db'
import { insertAuditEvent } from '@freehold/hub'
import { type Clock, newId } from '@freehold/kit'
import type { Authorized } from './authorize-route.ts'
import { type Decisions, merge } from './decisions.ts'
import type { RequestFacts } from './request-facts.ts'

/** A request's context, and the transaction that its verb may have left open for the answer to be written into. */
export type OpenRequest = {
  ctx: RequestContext
  /** The open transaction, once the verb has mutated. */
  transaction(): OpenTransaction | null
  /** Whether anything has compared the gates; if not, somebody still must before the answer leaves. */
  isProved(): boolean
  prove(): Promise<void>
  headers: Record<string, string>
  effects: (() => void)[]
  /** Drops what the decision was remembered as. */
  forget(): void
  /** Same request, but reading through `db` (the open transaction): how a precondition reads the current state. */
  within(tx: Tx): RequestContext
}

type Deps = {
  database: Database
  decisions: Decisions
  clock: Clock
  /** A gate has moved under the attempt before. */
  isRetry: boolean
  renew: RequestContext['renew']
  /** Authenticates and authorizes anew, from what the database holds now. */
  decideAgain: (open: OpenRequest) => Promise<{ principal: Principal; authorized: Authorized | null }>
  /** Run in the transaction before the change: If-Match and Idempotency-Key. */
  beforeChange: (open: OpenRequest, tx: Tx) => Promise<void>
}

/** Builds what a verb is given, from an authenticated and authorized request. */
export function openRequest(deps: Deps, facts: RequestFacts, principal: Principal, decided: Authorized | null): OpenRequest {
  const { database, decisions, clock } = deps
  let authorized = decided
  let gates: Gate[] = merge(principal.gates, authorized?.decision.gates ?? [])
  let open: OpenTransaction | null = null
  let proved = gates.length === 0

  const scope = (): Scope => ({
    principalId: principal.id || undefined,
    tenantId: principal.tenant?.id,
    workspaceId: authorized?.type === 'workspace' ? authorized.id : undefined,
    accountId: authorized?.type === 'account' ? authorized.id : authorized?.decision.place?.accountId,
    gates,
  })
  const reading = (wanted: Scope): Db => {
    const db = database.reads.under({ ...wanted, tenantId: principal.tenant?.id, gates })
    // The first statement that comes back has proved the gates; one that finds them moved has shown what is remembered to be old.
    return marking(db, {
      proved: () => {
        proved = true
      },
      moved: () => request.forget(),
    })
  }

  async function mutate<R>(action: AuditAction, place: Place, fn: (tx: Tx) => Promise<Change<R>>, options: MutateOptions = {}): Promise<R> {
    if (open) throw new Error(`${facts.route.operationId} mutates twice: one request is one transaction`)
    const own = place.type === 'user' && !principal.id ? { principalId: place.id, gates } : scope()
    // Writers of one workspace, account or person move each other's gates. Who has failed by that takes its turn alone.
    const lock = { workspaceId: options.lockOn ?? place.id, mode: options.lock ?? (deps.isRetry ? 'exclusive' : 'shared') } as const
    if (lock.mode === 'exclusive') {
      // It has waited for writers, so a decision from before would fail again and again.
      open = await database.writes.begin({ ...own, gates: [] }, lock)
      const again = await deps.decideAgain(request)
      // Where nobody need be signed in, whose credential has ended is nobody now: the request starts anew as such.
      if (again.principal.id !== principal.id) throw new EpochMoved('the caller is no longer signed in')
      authorized = again.authorized
      gates = merge(again.principal.gates, authorized?.decision.gates ?? [])
      await open.tx.enter({ ...own, gates })
    } else {
      open = await database.writes.begin(own, lock)
    }
    proved = true
    const { tx } = open
    const entered = tx.scope
    await deps.beforeChange(request, tx)
    if (tx.scope !== entered) await tx.enter(entered)
    // The gates have been compared; what follows may raise them.
    if (options.born) await tx.enter({ ...tx.scope, ...options.born, gates: [], raises: gates.map((gate) => gate.id) })
    const change = await fn(tx)
    const chain = options.chain ?? { kind: place.type, id: place.id }
    await insertAuditEvent(tx, {
      id: newId(clock.now().getTime()),
      chain,
      workspaceId: chain.kind === 'workspace' ? chain.id : null,
      accountId: chain.kind === 'account' ? chain.id : chain.kind === 'workspace' ? (tx.scope.accountId ?? null) : null,
      at: clock.now(),
      actor: options.actor ?? { kind: principal.kind, id: principal.id, label: principal.label },
      action,
      resource: change.resource,
      before: change.before ?? null,
      after: change.after ?? null,
      requestId: facts.requestId,
      ip: facts.ip,
    })
    return change.result
  }

  const headers: Record<string, string> = {}
  const effects: (() => void)[] = []
  const ctx: RequestContext = {
    principal,
    clock,
    requestId: facts.requestId,
    ip: facts.ip,
    userAgent: facts.userAgent,
    cookie: (name) => facts.cookies[name] ?? null,
    header: (name) => headerOf(facts, name),
    dryRun: facts.dryRun,
    get permissions() {
      return authorized?.decision.permissions ?? new Set<string>()
    },
    granted<T extends ResourceType, P extends Permission<T>>(type: T, permission: P) {
      if (authorized?.type !== type || !authorized.decision.permissions.has(permission)) {
        throw new Error(`${facts.route.operationId} was not guarded by ${permission} on a ${type}`)
      }
      return mintGranted<T, P>(type, authorized.id)
    },
    get db() {
      return reading(scope())
    },
    reading,
    async visible() {
      const listing = await decisions.visible(principal)
      gates = merge(gates, listing.gates)
      return listing
    },
    mutate,
    afterCommit: (effect) => effects.push(effect),
    renew: deps.renew,
    setHeader: (name, value) => {
      headers[name] = value
    },
  }
  const request: OpenRequest = {
    ctx,
    transaction: () => open,
    isProved: () => proved,
    async prove() {
      // Where nobody proves anything, nothing can have moved.
      if (gates.length === 0) return
      await reading(scope()).sql({ name: 'prove', text: 'select 1', values: [] })
    },
    headers,
    effects,
    forget() {
      if (authorized) decisions.forget(principal, authorized.type, authorized.id)
      else decisions.forgetListing(principal)
    },
    within: (tx) => ({ ...ctx, db: tx, reading: (wanted) => entering(tx, wanted) }),
  }
  return request
}

// What proves who calls is for the server alone.
const credentials = new Set(['authorization', 'cookie'])

function headerOf({ headers }: RequestFacts, name: string): string | null {
  const value = credentials.has(name) ? undefined : headers[name]
  return typeof value === 'string' ? value : null
}

/** Reads of a transaction under a further scope beside its own, so that statements sent at the same time still see theirs. */
function entering(tx: Tx, wanted: Scope): Db {
  const entered = tx.enter({ ...tx.scope, ...wanted, proof: { ...tx.scope.proof, ...wanted.proof } })
  return {
    rows: (query) => entered.then(() => tx.rows(query)),
    first: (query) => entered.then(() => tx.first(query)),
    run: (query) => entered.then(() => tx.run(query)),
    sql: (statement) => entered.then(() => tx.sql(statement)),
  }
}

function marking(db: Db, on: { proved(): void; moved(): void }): Db {
  const marked = <Result>(result: Promise<Result>) =>
    result.then(
      (value) => {
        on.proved()
        return value
      },
      (error: unknown) => {
        if (error instanceof EpochMoved) on.moved()
        throw error
      },
    )
  return {
    ...(db.scope && { scope: db.scope }),
    rows: (query) => marked(db.rows(query)),
    first: (query) => marked(db.first(query)),
    run: (query) => marked(db.run(query)),
    sql: (statement) => marked(db.sql(statement)),
  }
}
