import type pg from 'pg'
import { waitFor } from './wait-for.ts'

/** Puts sealed events of a usual size behind a workspace's chain. Their hashes are none: what verifies the chain will say so. */
export async function addSealedEvents(superuser: pg.Client, workspaceId: string, count: number): Promise<void> {
  await waitFor(
    () => superuser.query('select from hub.audit_unsealed where chain_id = $1', [workspaceId]),
    ({ rowCount }) => rowCount === 0,
  )
  await superuser.query('begin')
  await superuser.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await superuser.query(
    `insert into hub.audit_event (id, chain_kind, chain_id, workspace_id, account_id, at, actor_kind, actor_id, actor_label, action,
       resource_kind, resource_id, resource_label, before, after, request_id, ip, seq, prev_hash, hash)
     select gen_random_uuid(), 'workspace', w.id, w.id, w.account_id, now(), 'user', gen_random_uuid()::text, 'Somebody', 'workspace.update',
       'workspace', w.id::text, 'A "workspace" ' || i, jsonb_build_object('name', 'Before ' || i, 'settings', '{"a": [1, 2]}'::jsonb),
       jsonb_build_object('name', 'After ' || i, 'note', E'two\\nlines'), 'request-' || i, '192.0.2.1', h.seq + i, md5(i::text), md5((i + 1)::text)
     from hub.workspace w join hub.audit_head h on h.chain_id = w.id cross join generate_series(1, $2::int) i where w.id = $1`,
    [workspaceId, count],
  )
  await superuser.query('update hub.audit_head set seq = seq + $2 where chain_id = $1', [workspaceId, count])
  await superuser.query('commit')
}
