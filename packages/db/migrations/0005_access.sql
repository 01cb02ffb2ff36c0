-- Who may do what: sharing, groups, invitations, keys, second factors, tokens and tenants.

-- Backfills below run as the owner, whom FORCE would show no row. Nothing else can come between: this is one transaction.
alter table hub.relationship no force row level security;
alter table hub.workspace no force row level security;
alter table hub.app_user no force row level security;

-- A tuple is the grant: one fact, one place. `id` names it in the API; `source` says whether a person or a claim put it there.
create function hub.uuid_of_time(p_at timestamptz) returns uuid language sql volatile return
  encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send(floor(extract(epoch from p_at) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid;
alter table hub.relationship disable trigger require_record;
alter table hub.relationship add column id uuid, add column source text not null default 'direct' check (source in ('direct', 'claim'));
update hub.relationship set id = hub.uuid_of_time(created_at);
alter table hub.relationship alter column id set not null, alter column id set default hub.uuid_of_time(now());
alter table hub.relationship enable trigger require_record;
create unique index relationship_by_id on hub.relationship (id);

-- People who share an account or a workspace see each other's names: whoever has found their ids in tuples may read these.
create policy listed on hub.app_user for select using (id = any ((select hub.setting_uuids('app.user_ids'))::uuid[]));

alter table hub.account
  add column require_second_factor boolean not null default false,
  add column max_api_key_lifetime_seconds integer check (max_api_key_lifetime_seconds > 0);

alter table hub.workspace
  add column status_before text check (status_before in ('active', 'frozen')),
  add column archived_at timestamptz;
-- An address with a slug in it knows no id yet.
create policy by_slug on hub.workspace for select using (slug = (select nullif(current_setting('app.slug', true), '')));

-- When somebody last did something in a workspace. Written in the background, so it is not an audited change.
create table hub.member_activity (
  workspace_id uuid not null references hub.workspace (id),
  user_id uuid not null references hub.app_user (id),
  last_active_at timestamptz not null,
  primary key (workspace_id, user_id)
);
alter table hub.member_activity enable row level security;
alter table hub.member_activity force row level security;
create policy in_scope on hub.member_activity
  using (workspace_id = (select hub.setting_uuid('app.workspace_id')))
  with check (workspace_id = (select hub.setting_uuid('app.workspace_id')));
grant select, insert on hub.member_activity to freehold_app;
grant update (last_active_at) on hub.member_activity to freehold_app;

create table hub.user_group (
  account_id uuid not null references hub.account (id),
  id uuid not null unique,
  name text not null,
  description text not null default '',
  -- Value of the identity provider's groups claim whose holders are members from their next sign-in on.
  claim_value text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create unique index user_group_by_name on hub.user_group (account_id, lower(name));
create index user_group_by_claim on hub.user_group (claim_value) where claim_value is not null;
select hub.protect('hub.user_group', 'account_id = (select hub.setting_uuid(''app.account_id''))');
-- Signing in by claim knows the values that the provider vouched for, and no account.
create policy claimed on hub.user_group for select using (
  claim_value = any (array(select jsonb_array_elements_text(nullif(current_setting('app.claim_values', true), '')::jsonb)))
);
grant select, insert, update, delete on hub.user_group to freehold_app;
-- A group's tuples stand in its account's scope.
create policy of_group on hub.relationship
  using (resource_type = 'group' and exists (select from hub.user_group g
    where g.id = resource_id and g.account_id = (select hub.setting_uuid('app.account_id'))))
  with check (resource_type = 'group' and exists (select from hub.user_group g
    where g.id = resource_id and g.account_id = (select hub.setting_uuid('app.account_id'))));

create table hub.invitation (
  id uuid primary key,
  account_id uuid not null references hub.account (id),
  workspace_id uuid,
  email text not null,
  role text not null check (role in ('admin', 'edit', 'view', 'billing', 'member')),
  hash bytea not null unique,
  created_by uuid,
  created_at timestamptz not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references hub.app_user (id),
  revoked_at timestamptz,
  foreign key (account_id, workspace_id) references hub.workspace (account_id, id),
  check (accepted_at is null or revoked_at is null)
);
create index invitation_by_workspace on hub.invitation (workspace_id, id desc) where workspace_id is not null;
create index invitation_by_account on hub.invitation (account_id, id desc) where workspace_id is null;
select hub.protect('hub.invitation',
  'case when workspace_id is null then account_id = (select hub.setting_uuid(''app.account_id''))
        else workspace_id = (select hub.setting_uuid(''app.workspace_id'')) end');
-- Whoever follows a link knows the hash of its token and nothing else.
create policy by_hash on hub.invitation for select
  using (hash = (select decode(nullif(current_setting('app.invitation_hash', true), ''), 'hex')));
grant select, insert, update on hub.invitation to freehold_app;

-- API keys, whole. `methods` is how a session was proved, and is handed on to the tokens that it makes.
alter table hub.credential
  add column allowed_ips text[] not null default '{}',
  add column allowed_origins text[] not null default '{}',
  add column environments text[] not null default '{}',
  add column methods text[] not null default '{}',
  -- The key that this one was rotated from, and the grace of that one where it begins at this one's first use, until it has begun.
  add column replaces_id uuid,
  add column grace_seconds integer check (grace_seconds >= 0),
  add foreign key (workspace_id, replaces_id) references hub.credential (workspace_id, id);
create index credential_by_replaced on hub.credential (workspace_id, replaces_id) where replaces_id is not null;

-- Keys whose end comes near or has come: ids only, so that the sweep finds work without reading any tenant's rows.
create table hub.api_key_notice (
  credential_id uuid not null,
  workspace_id uuid not null,
  kind text not null check (kind in ('expiry_notice', 'expire', 'grace_start')),
  due_at timestamptz not null,
  primary key (credential_id, kind)
);
create index api_key_notice_by_time on hub.api_key_notice (due_at);
alter table hub.api_key_notice enable row level security;
alter table hub.api_key_notice force row level security;
create policy ids_only on hub.api_key_notice using (true) with check (true);
grant select, insert, update, delete on hub.api_key_notice to freehold_app;
alter table hub.credential no force row level security;
insert into hub.api_key_notice (credential_id, workspace_id, kind, due_at)
  select id, workspace_id, kind.name, expires_at - case kind.name when 'expire' then '0'::interval
    else case when expires_at - created_at < '8 days' then (expires_at - created_at) / 8 else '7 days' end end
  from hub.credential, (values ('expiry_notice'), ('expire')) as kind (name)
  where hub.credential.kind = 'api_key' and revoked_at is null and expires_at > now();
alter table hub.credential force row level security;

-- Second factors. A TOTP secret is sealed under the root key; recovery codes are stored as hashes.
create table hub.totp (
  user_id uuid primary key references hub.app_user (id),
  sealed bytea not null,
  -- The time step of the last code that was taken: no code works twice.
  last_step bigint not null,
  created_at timestamptz not null
);
select hub.protect('hub.totp', 'user_id = (select hub.setting_uuid(''app.principal_id''))');
grant select, insert, update, delete on hub.totp to freehold_app;

create table hub.recovery_code (
  user_id uuid not null references hub.app_user (id),
  hash bytea not null,
  used_at timestamptz,
  primary key (user_id, hash)
);
select hub.protect('hub.recovery_code', 'user_id = (select hub.setting_uuid(''app.principal_id''))');
grant select, insert, update, delete on hub.recovery_code to freehold_app;

create table hub.passkey (
  id uuid primary key,
  user_id uuid not null references hub.app_user (id),
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  backed_up boolean not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_by_user on hub.passkey (user_id, id desc);
select hub.protect('hub.passkey', 'user_id = (select hub.setting_uuid(''app.principal_id''))');
-- Signing in knows the id that the passkey told.
create policy by_credential on hub.passkey for select
  using (credential_id = (select nullif(current_setting('app.passkey_id', true), '')));
grant select, insert, update, delete on hub.passkey to freehold_app;

create table hub.oidc_identity (
  issuer text not null,
  subject text not null,
  user_id uuid not null references hub.app_user (id),
  created_at timestamptz not null,
  primary key (issuer, subject)
);
create index oidc_identity_by_user on hub.oidc_identity (user_id);
select hub.protect('hub.oidc_identity', 'user_id = (select hub.setting_uuid(''app.principal_id''))');
create policy by_subject on hub.oidc_identity for select
  using (issuer || ' ' || subject = (select nullif(current_setting('app.oidc_subject', true), '')));
grant select, insert on hub.oidc_identity to freehold_app;

-- Challenges that have been answered: each is good once. Only hashes, and only until they expire.
create table hub.answered_challenge (
  hash bytea primary key,
  expires_at timestamptz not null
);
alter table hub.answered_challenge enable row level security;
alter table hub.answered_challenge force row level security;
create policy by_hash on hub.answered_challenge
  using (hash = (select decode(nullif(current_setting('app.challenge_hash', true), ''), 'hex')) or expires_at < now())
  with check (hash = (select decode(nullif(current_setting('app.challenge_hash', true), ''), 'hex')));
grant select, insert, delete on hub.answered_challenge to freehold_app;
-- Never changed, but locked: expired rows are left to whoever deletes them first.
grant update (expires_at) on hub.answered_challenge to freehold_app;

-- A workspace's own data key, wrapped by the root key. Deleting the row makes whatever it sealed unreadable.
create table hub.workspace_key (
  workspace_id uuid not null references hub.workspace (id),
  version integer not null,
  wrapped bytea not null,
  created_at timestamptz not null,
  primary key (workspace_id, version)
);
select hub.protect_workspace_table('hub.workspace_key');
grant select, insert, update, delete on hub.workspace_key to freehold_app;

-- What the organization level configures, and by what a workspace's tokens are verified.
create table hub.workspace_profile (
  workspace_id uuid primary key references hub.workspace (id),
  key text not null unique,
  logo_uri text,
  webhook_uri text,
  webhook_events text[] not null default '{}',
  public_keys jsonb not null default '[]',
  jwks_uri text,
  disable_secret_key_auth boolean not null default false,
  type text not null default 'production' check (type in ('production', 'development')),
  updated_at timestamptz not null
);
select hub.protect_workspace_table('hub.workspace_profile');
-- A token names its workspace by this key.
create policy by_key on hub.workspace_profile for select using (key = (select nullif(current_setting('app.workspace_key', true), '')));
-- A list of workspaces shows how each is configured.
create policy listed on hub.workspace_profile for select using (workspace_id = any ((select hub.setting_uuids('app.workspace_ids'))::uuid[]));
create policy listed on hub.workspace_limit for select using (workspace_id = any ((select hub.setting_uuids('app.workspace_ids'))::uuid[]));
grant select, insert, update on hub.workspace_profile to freehold_app;
alter table hub.workspace_profile no force row level security;
alter table hub.workspace_profile disable trigger require_record;
insert into hub.workspace_profile (workspace_id, key, updated_at)
  select id, 'wk_' || replace(gen_random_uuid()::text, '-', ''), updated_at from hub.workspace where status <> 'deleted';
alter table hub.workspace_profile enable trigger require_record;
alter table hub.workspace_profile force row level security;

-- Secrets that sign a workspace's tokens: sealed, since HS256 needs the secret itself.
create table hub.workspace_secret (
  workspace_id uuid not null references hub.workspace (id),
  id uuid not null,
  sealed bytea not null,
  key_version integer not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  -- Beside a secret that still waits for its successor's first use.
  grace_seconds integer check (grace_seconds >= 0),
  primary key (workspace_id, id),
  foreign key (workspace_id, key_version) references hub.workspace_key (workspace_id, version)
);
select hub.protect_workspace_table('hub.workspace_secret');
grant select, insert, update, delete on hub.workspace_secret to freehold_app;

-- The customers' customers.
create table instance.tenant (
  workspace_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  fields jsonb not null default '{}',
  disabled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, key)
);
-- Under a tenant's scope its own row alone.
select hub.protect('instance.tenant', 'workspace_id = (select nullif(current_setting(''app.workspace_id'', true), '''')::uuid)
  and ((select nullif(current_setting(''app.tenant_id'', true), '''')) is null
    or id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))');
grant select, insert, update, delete on instance.tenant to freehold_app;

-- A table that tenants share: under a tenant's scope only its own rows are there, under the workspace's all of them.
create function hub.protect_tenant_table(p_table regclass) returns void language sql as $$
  select hub.protect(p_table, 'workspace_id = (select nullif(current_setting(''app.workspace_id'', true), '''')::uuid)
    and ((select nullif(current_setting(''app.tenant_id'', true), '''')) is null
      or tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))')
$$;
revoke execute on function hub.protect_tenant_table from public;

create table instance.session (
  workspace_id uuid not null,
  id uuid not null,
  tenant_id uuid,
  name text not null,
  phase text not null check (phase in ('pending', 'creating', 'running', 'stopping', 'stopped', 'completed', 'failed')),
  created_by uuid,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, tenant_id) references instance.tenant (workspace_id, id)
);
create index session_by_tenant on instance.session (workspace_id, tenant_id, id desc);
select hub.protect_tenant_table('instance.session');
grant select, insert, update, delete on instance.session to freehold_app;

alter table hub.relationship force row level security;
alter table hub.workspace force row level security;
alter table hub.app_user force row level security;
