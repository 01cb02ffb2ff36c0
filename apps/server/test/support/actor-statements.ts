/** What tests write as the superuser because no route of the API makes it. */

export const personText = `
  with u as (insert into hub.app_user (id, name, email, password_hash, created_at, updated_at) values ($1, $2, $3, $4, now(), now())),
       g as (insert into hub.gate (id, kind) values ($1, 'user'))
  insert into hub.credential (id, kind, hash, hint, name, user_id, created_at) values ($5, 'personal_token', $6, $7, 'test', $1, now())`

const credentialText = (kind: string) => `
  insert into hub.credential (id, kind, hash, hint, name, user_id, created_at, expires_at, revoked_at)
  values ($1, '${kind}', $2, $3, 'test', $4, now(), $5, $6)`

export const tokenText = credentialText('personal_token')
export const sessionText = credentialText('session')

export const tenantText = `
  insert into instance.tenant (workspace_id, id, key, name, created_at, updated_at) values ($1, $2, $3, $4, now(), now())`

export const agentSessionText = `
  insert into instance.session (workspace_id, id, name, phase, created_at) values ($1, $2, $3, 'pending', now())`

export const relateText = `
  with r as (insert into hub.relationship (resource_type, resource_id, relation, subject_type, subject_id, subject_relation, expires_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, now()))
  update hub.gate set epoch = epoch + 1 where id in ($2, $5)`

export const unrelateText = `
  with r as (delete from hub.relationship where resource_id = $1 and relation = $2 and subject_id = $3)
  update hub.gate set epoch = epoch + 1 where id in ($1, $3)`

export const revokeText = `
  with c as (update hub.credential set revoked_at = now() where id = $1 returning coalesce(workspace_id, user_id) as holder)
  update hub.gate set epoch = epoch + 1 from c where gate.id = c.holder`

// A copy of the run that made the workspace, undone but for what it made: a retry finds everything there.
export const failedRunText = `
  with run as (
    insert into hub.saga_run (id, saga, workspace_id, account_id, input, status, created_at, finished_at, error)
    select $1, saga, workspace_id, account_id, input, 'failed', created_at, now(), 'made to fail' from hub.saga_run where id = $2
    returning id
  )
  insert into hub.saga_step (workspace_id, run_id, position, name, status, attempts, started_at, finished_at)
  select workspace_id, run.id, position, name, 'undone', attempts, started_at, finished_at
  from hub.saga_step, run where run_id = $2`

export const statusText = `
  with w as (update hub.workspace set status = $2 where id = $1)
  update hub.gate set epoch = epoch + 1 where id = $1`
