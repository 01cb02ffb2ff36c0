-- The journal of every durable run. pg-boss delivers; this says what has been done.
create table hub.saga_run (
  id uuid primary key,
  saga text not null,
  workspace_id uuid not null references hub.workspace (id),
  account_id uuid not null,
  input jsonb not null,
  status text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'compensating')),
  cancel_requested boolean not null default false,
  -- An undo that keeps failing parks the run until an operator retries it.
  parked boolean not null default false,
  -- Raised by whoever takes the run over; an executor that holds an older number can write nothing any more.
  fence integer not null default 0,
  error text,
  created_at timestamptz not null,
  stalled_at timestamptz,
  finished_at timestamptz,
  unique (workspace_id, id)
);
create index saga_run_by_workspace on hub.saga_run (workspace_id, id desc);
alter table hub.saga_run enable row level security;
alter table hub.saga_run force row level security;
create policy in_scope on hub.saga_run
  using (workspace_id = (select hub.setting_uuid('app.workspace_id')))
  with check (workspace_id = (select hub.setting_uuid('app.workspace_id')));
-- A run's id, from a job or a URL, leads to its workspace, which is then entered or authorized.
create policy by_id on hub.saga_run for select using (id = (select hub.setting_uuid('app.run_id')));
create trigger mark_recorded after insert or update on hub.saga_run for each statement execute function hub.mark_recorded();
grant select, insert, update on hub.saga_run to freehold_app;

create table hub.saga_step (
  workspace_id uuid not null,
  run_id uuid not null,
  position smallint not null,
  name text not null,
  status text not null check (status in ('pending', 'running', 'succeeded', 'failed', 'undone')),
  attempts integer not null default 0,
  -- Attempts that failed; one that was interrupted is begun again but not counted here.
  failures integer not null default 0,
  error text,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace_id, run_id, position),
  foreign key (workspace_id, run_id) references hub.saga_run (workspace_id, id)
);
alter table hub.saga_step enable row level security;
alter table hub.saga_step force row level security;
create policy in_scope on hub.saga_step
  using (workspace_id = (select hub.setting_uuid('app.workspace_id')))
  with check (workspace_id = (select hub.setting_uuid('app.workspace_id')));
create trigger mark_recorded after insert or update on hub.saga_step for each statement execute function hub.mark_recorded();
grant select, insert, update on hub.saga_step to freehold_app;

-- Runs that are not finished: ids only, so that a starting or sweeping worker finds them without entering a tenant.
create table hub.saga_pending (
  run_id uuid primary key,
  since timestamptz not null,
  stalled boolean not null default false
);
alter table hub.saga_pending enable row level security;
alter table hub.saga_pending force row level security;
create policy ids_only on hub.saga_pending using (true) with check (true);
grant select, insert, update, delete on hub.saga_pending to freehold_app;
