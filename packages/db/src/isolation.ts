import type pg from 'pg'
import { openStartupConnection } from './startup-connection.ts'
import { StartupError } from './startup-error.ts'

/** Tables that may show every row to the application, each with its reason. */
export const openTables: Readonly<Record<string, string>> = {
  'hub.gate': 'ids and epochs only: a decision is compared with them before any scope is entered',
  'hub.installation': 'one row about the installation, nothing of any tenant',
  'hub.spicedb': 'one row about the installation, nothing of any tenant',
  'hub.relationship_outbox': 'ids and role names only: what SpiceDB has still to be told, whoever it is about',
  'hub.audit_unsealed': 'ids only: how the sealer finds work before it enters a chain',
  'hub.api_key_notice': 'ids and times only: how the sweep of ending keys finds work before it enters a workspace',
  'instance.vault_task': 'ids only: how collections with work to be done are found before a workspace is entered',
  'hub.saga_pending': 'ids only: how a worker finds runs before it enters a workspace',
}

const faultsQuery = `
  with me as (select oid, rolsuper, rolbypassrls from pg_roles where rolname = current_user),
  ours as (
    select c.oid, n.nspname || '.' || c.relname as name, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('hub', 'instance') and c.relkind in ('r', 'p', 'v', 'm', 'f')
  )
  select 'the role ' || current_user || ' is a superuser' as fault from me where rolsuper
  union all select 'the role ' || current_user || ' has BYPASSRLS' from me where rolbypassrls
  union all select 'the role ' || current_user || ' can become ' || r.rolname from pg_roles r, me
    where r.oid <> me.oid and pg_has_role(me.oid, r.oid, 'member') and not me.rolsuper
  union all select 'the role ' || current_user || ' owns ' || name from ours, me where relowner = me.oid
  union all select name || ' has no forced row-level security' from ours
    where relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)
  union all select name || ' has no policy' from ours
    where relkind in ('r', 'p') and not exists (select from pg_policy p where p.polrelid = ours.oid)
  union all select name || ' has a policy that covers every row' from ours join pg_policy p on p.polrelid = ours.oid
    where 'true' in (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) and not (name = any ($1))
  union all select name || ' is a view that reads as its owner' from ours
    where relkind = 'v' and not exists (
      select from pg_options_to_table(reloptions) where option_name = 'security_invoker' and option_value::boolean
    )
  union all select name || ' is a materialized view or a foreign table, which row-level security does not cover' from ours where relkind in ('m', 'f')
  union all select 'the role ' || current_user || ' may truncate ' || name from ours
    where relkind in ('r', 'p') and has_table_privilege(oid, 'TRUNCATE')
  union all select n.nspname || '.' || p.proname || ' runs as its owner' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('hub', 'instance', 'freehold', 'jobs') and p.prosecdef
  union all select 'the role ' || current_user || ' may create objects in schema ' || nspname from pg_namespace
    where nspname in ('hub', 'instance', 'freehold', 'jobs') and has_schema_privilege(oid, 'CREATE')
  order by 1`

/** Every way in which the application's connection could get around tenant isolation; empty when there is none. */
export async function findIsolationFaults(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ fault: string }>(faultsQuery, [Object.keys(openTables)])
  return rows.map((row) => row.fault)
}

/** BX-08: throws StartupError unless tenant isolation is in force for the application's connection. */
export async function assertIsolation(appUrl: string, variable = 'FREEHOLD_APP_DATABASE_URL'): Promise<void> {
  const client = await openStartupConnection(appUrl, { variable, applicationName: 'freehold-isolation' })
  try {
    const faults = await findIsolationFaults(client)
    if (faults.length > 0) throw new StartupError(`Refusing to start: tenant isolation is not in force. ${faults.join('; ')}.`)
  } finally {
    await client.end()
  }
}
