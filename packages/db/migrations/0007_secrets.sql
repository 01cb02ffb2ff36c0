-- Secrets of a workspace. What is sealed stands in the versions alone.
create table instance.secret (
  workspace_id uuid not null,
  -- Slug; empty for what all environments share, so that it can be part of the key.
  environment text not null,
  key text not null,
  id uuid not null,
  category text not null check (category in ('runner', 'integration', 'custom')),
  description text not null default '',
  -- Set by the platform, which alone changes it.
  managed boolean not null default false,
  version integer not null,
  -- Since when the value has been what it is.
  rotated_at timestamptz not null,
  rotate_every_days integer,
  -- The version before, while it is valid too: until a time, or for so long after the first use of the new one.
  previous_version integer,
  previous_until timestamptz,
  previous_grace_seconds integer,
  check (previous_version is not null or (previous_until is null and previous_grace_seconds is null)),
  check (previous_version is null or (previous_until is null) <> (previous_grace_seconds is null)),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by uuid,
  last_read_at timestamptz,
  last_read_by_kind text,
  last_read_by_id text,
  last_read_by_label text,
  primary key (workspace_id, environment, key),
  unique (workspace_id, id)
) with (fillfactor = 80); -- Each reveal updates its row: where the page has room, no index is touched.
select hub.protect_workspace_table('instance.secret');
grant select, insert, update, delete on instance.secret to freehold_app;

create table instance.secret_version (
  workspace_id uuid not null,
  environment text not null,
  key text not null,
  version integer not null,
  sealed bytea not null,
  key_version integer not null,
  created_at timestamptz not null,
  created_by uuid,
  primary key (workspace_id, environment, key, version),
  foreign key (workspace_id, environment, key) references instance.secret (workspace_id, environment, key) on delete cascade
);
-- A sealed value does not get smaller.
alter table instance.secret_version alter column sealed set storage external;
select hub.protect_workspace_table('instance.secret_version');
-- Updating is for sealing anew under a newer key of the workspace.
grant select, insert, update, delete on instance.secret_version to freehold_app;

-- When to remind of a rotation. Ids and times only: how the sweep finds work before it enters a workspace.
create table instance.secret_reminder (
  secret_id uuid primary key,
  workspace_id uuid not null,
  due_at timestamptz not null
);
create index secret_reminder_by_time on instance.secret_reminder (due_at);
alter table instance.secret_reminder enable row level security;
alter table instance.secret_reminder force row level security;
create policy ids_only on instance.secret_reminder using (true) with check (true);
grant select, insert, update, delete on instance.secret_reminder to freehold_app;
