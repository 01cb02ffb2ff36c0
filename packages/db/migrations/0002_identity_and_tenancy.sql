create table hub.app_user (
  id uuid primary key,
  name text not null,
  email text,
  password_hash text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index app_user_by_email on hub.app_user (lower(email));
select hub.protect('hub.app_user', 'id = (select hub.setting_uuid(''app.principal_id''))');
-- Signing in knows an e-mail address and no id yet.
create policy by_email on hub.app_user for select
  using (lower(email) = (select nullif(current_setting('app.email', true), '')));
grant select, insert, update on hub.app_user to freehold_app;

create table hub.account (
  id uuid primary key,
  name text not null,
  slug text not null unique,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
select hub.protect('hub.account', 'id = (select hub.setting_uuid(''app.account_id''))');
create policy listed on hub.account for select using (id = any ((select hub.setting_uuids('app.account_ids'))::uuid[]));
grant select, insert, update on hub.account to freehold_app;

create table hub.workspace (
  id uuid primary key,
  account_id uuid not null references hub.account (id),
  name text not null,
  slug text not null unique,
  description text not null default '',
  status text not null check (status in ('provisioning', 'active', 'frozen', 'archived', 'failed', 'offboarding', 'deleted')),
  status_reason text,
  region text not null,
  tenancy_model text not null check (tenancy_model in ('shared', 'dedicated')),
  settings jsonb not null default '{}',
  config_version bigint not null default 1,
  provisioning_run_id uuid,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (account_id, id)
);
create index workspace_by_account on hub.workspace (account_id, id desc);
select hub.protect('hub.workspace', 'id = (select hub.setting_uuid(''app.workspace_id''))');
create policy listed on hub.workspace for select using (
  id = any ((select hub.setting_uuids('app.workspace_ids'))::uuid[])
  or account_id = any ((select hub.setting_uuids('app.account_ids'))::uuid[])
);
grant select, insert, update on hub.workspace to freehold_app;

create table hub.environment (
  workspace_id uuid not null references hub.workspace (id),
  id uuid not null,
  slug text not null,
  name text not null,
  status text not null check (status in ('provisioning', 'active')),
  protected boolean not null default false,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, slug)
);
select hub.protect_workspace_table('hub.environment');
grant select, insert, update, delete on hub.environment to freehold_app;

-- What a workspace may have at most, by name of the limit.
create table hub.workspace_limit (
  workspace_id uuid not null references hub.workspace (id),
  name text not null,
  allowed bigint not null check (allowed >= 0),
  primary key (workspace_id, name)
);
select hub.protect_workspace_table('hub.workspace_limit');
grant select, insert, update, delete on hub.workspace_limit to freehold_app;

-- The tuples over which the permission schema is evaluated. The primary key finds them by resource, the index by subject.
create table hub.relationship (
  resource_type text not null,
  resource_id uuid not null,
  relation text not null,
  subject_type text not null,
  subject_id uuid not null,
  subject_relation text not null default '',
  expires_at timestamptz,
  created_at timestamptz not null,
  created_by uuid,
  primary key (resource_type, resource_id, relation, subject_type, subject_id, subject_relation)
);
create index relationship_by_subject on hub.relationship (subject_type, subject_id, subject_relation, resource_type);
select hub.protect('hub.relationship',
  'resource_id = (select hub.setting_uuid(''app.workspace_id''))
   or resource_id = (select hub.setting_uuid(''app.account_id''))
   or (resource_type = ''environment'' and subject_type = ''workspace'' and subject_id = (select hub.setting_uuid(''app.workspace_id'')))
   or (resource_type = ''installation'' and resource_id = (select hub.setting_uuid(''app.installation_id'')))');
-- A decision reads the tuples of the object that is asked about, of the caller, and of what these lead to.
create policy decided on hub.relationship for select using (
  resource_id = any ((select hub.setting_uuids('app.object_ids'))::uuid[])
  or subject_id = any ((select hub.setting_uuids('app.object_ids'))::uuid[])
);
grant select, insert, delete on hub.relationship to freehold_app;

-- Every kind of opaque credential: session, personal token, API key, setup link. The secret itself is nowhere.
create table hub.credential (
  id uuid primary key,
  kind text not null check (kind in ('session', 'personal_token', 'api_key', 'setup_link')),
  hash bytea not null unique,
  hint text not null,
  name text not null default '',
  description text not null default '',
  user_id uuid references hub.app_user (id),
  workspace_id uuid references hub.workspace (id),
  role text check (role in ('admin', 'edit', 'view')),
  scopes text[] not null default '{}',
  user_agent text not null default '',
  ip text,
  created_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  check ((kind = 'api_key') = (workspace_id is not null)),
  check ((kind = 'api_key') = (user_id is null)),
  check ((kind = 'api_key') = (role is not null)),
  unique (workspace_id, id),
  unique (user_id, id)
);
create index credential_by_workspace on hub.credential (workspace_id, id desc) where workspace_id is not null;
create index credential_by_user on hub.credential (user_id, kind, id desc) where user_id is not null;
select hub.protect('hub.credential',
  'workspace_id = (select hub.setting_uuid(''app.workspace_id'')) or user_id = (select hub.setting_uuid(''app.principal_id''))');
-- Authenticating knows the hash of what was presented and nothing else.
create policy by_hash on hub.credential for select
  using (hash = (select decode(nullif(current_setting('app.credential_hash', true), ''), 'hex')));
grant select, insert, update on hub.credential to freehold_app;

-- When a credential was last used. Written in the background, so it is not an audited change.
create table hub.credential_use (
  credential_id uuid primary key,
  workspace_id uuid,
  user_id uuid,
  last_used_at timestamptz not null,
  last_ip text,
  check ((workspace_id is null) <> (user_id is null)),
  foreign key (workspace_id, credential_id) references hub.credential (workspace_id, id),
  foreign key (user_id, credential_id) references hub.credential (user_id, id)
);
alter table hub.credential_use enable row level security;
alter table hub.credential_use force row level security;
create policy in_scope on hub.credential_use
  using (workspace_id = (select hub.setting_uuid('app.workspace_id')) or user_id = (select hub.setting_uuid('app.principal_id')))
  with check (workspace_id = (select hub.setting_uuid('app.workspace_id')) or user_id = (select hub.setting_uuid('app.principal_id')));
grant select, insert, update on hub.credential_use to freehold_app;

-- Failed attempts by a hashed key (an e-mail address, a network address) in a window of time.
create table hub.throttle (
  key text primary key,
  window_started_at timestamptz not null,
  failures integer not null
);
alter table hub.throttle enable row level security;
alter table hub.throttle force row level security;
create policy by_key on hub.throttle
  using (key = (select current_setting('app.throttle_key', true)))
  with check (key = (select current_setting('app.throttle_key', true)));
grant select, insert, update, delete on hub.throttle to freehold_app;

-- Answers to POSTs that carried an Idempotency-Key, sealed under a key derived from it.
create table hub.idempotency (
  principal_id uuid not null,
  route text not null,
  key_hash bytea not null,
  request_hash bytea not null,
  status smallint not null,
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (principal_id, route, key_hash)
);
create index idempotency_by_age on hub.idempotency (principal_id, created_at);
alter table hub.idempotency enable row level security;
alter table hub.idempotency force row level security;
create policy own on hub.idempotency
  using (principal_id = (select hub.setting_uuid('app.principal_id')))
  with check (principal_id = (select hub.setting_uuid('app.principal_id')));
grant select, insert, delete on hub.idempotency to freehold_app;

-- The instance's copy of a workspace: what it serves from when the hub is away.
create table instance.workspace (
  workspace_id uuid primary key,
  region text not null,
  tenancy_model text not null,
  applied_version bigint not null,
  created_at timestamptz not null
);
select hub.protect_workspace_table('instance.workspace');
grant select, insert, update, delete on instance.workspace to freehold_app;
