-- The data set of read.ts: 1,000 accounts, 1,000,000 workspaces, 100,000 users, 10,000 groups and about 2,000,000
-- relationships. Ids are derived from numbers, so that the load generator can name them. Run as a superuser.
set session_replication_role = replica; -- no triggers: the audit guard is for the application
set synchronous_commit = off;
create schema bench;
create function bench.id(kind text, n bigint) returns uuid language sql immutable as
  $$ select (substr(h, 1, 12) || '7' || substr(h, 14, 3) || '8' || substr(h, 18))::uuid from md5(kind || n) as h $$;

insert into hub.account (id, name, slug, created_at, updated_at)
  select bench.id('account', a), 'Account ' || a, 'account-' || a, now(), now() from generate_series(0, 999) a;
insert into hub.app_user (id, name, created_at, updated_at)
  select bench.id('user', u), 'User ' || u, now(), now() from generate_series(0, 99999) u;
insert into hub.workspace (id, account_id, name, slug, status, region, tenancy_model, created_at, updated_at)
  select bench.id('workspace', w), bench.id('account', w % 1000), 'Workspace ' || w, 'workspace-' || w, 'active', 'local', 'shared', now(), now()
  from generate_series(0, 999999) w;
insert into hub.gate (id, kind)
  select bench.id('account', a), 'account' from generate_series(0, 999) a
  union all select bench.id('user', u), 'user' from generate_series(0, 99999) u
  union all select bench.id('group', g), 'group' from generate_series(0, 9999) g
  union all select bench.id('workspace', w), 'workspace' from generate_series(0, 999999) w;

-- Each workspace belongs to its account; about 30 % are shared with one of the account's groups, and some with a person.
insert into hub.relationship (resource_type, resource_id, relation, subject_type, subject_id, subject_relation, created_at)
  select 'workspace', bench.id('workspace', w), 'account', 'account', bench.id('account', w % 1000), '', now() from generate_series(0, 999999) w
  union all select 'workspace', bench.id('workspace', w), 'edit', 'group', bench.id('group', (w % 1000) + 1000 * ((w / 1000) % 10)), 'member', now()
    from generate_series(0, 999999) w where (w / 1000) % 10 < 6
  union all select 'workspace', bench.id('workspace', w), 'view', 'user', bench.id('user', (w % 1000) + 1000 * ((w / 1000 * 7) % 100)), '', now()
    from generate_series(0, 999999) w where w % 10 = 0
  union all select 'account', bench.id('account', a), 'admin', 'user', bench.id('user', a), '', now() from generate_series(0, 999) a
  union all select 'group', bench.id('group', g), 'member', 'user', bench.id('user', (g % 1000) + 1000 * (1 + (g / 1000 * 9 + k) % 99)), '', now()
    from generate_series(0, 9999) g, generate_series(0, 9) k;

-- API keys of the first workspaces, and personal tokens of people who belong to groups.
insert into hub.credential (id, kind, hash, hint, workspace_id, role, created_at)
  select bench.id('key', k.number), 'api_key', decode(k.hash, 'hex'), 'bench', bench.id('workspace', k.number), 'view', now()
  from jsonb_to_recordset(:keys::jsonb) as k (number bigint, hash text);
insert into hub.relationship (resource_type, resource_id, relation, subject_type, subject_id, subject_relation, created_at)
  select 'workspace', bench.id('workspace', k), 'view', 'api_key', bench.id('key', k), '', now() from generate_series(0, 1999) k;
insert into hub.credential (id, kind, hash, hint, user_id, created_at)
  select bench.id('token', p.number), 'personal_token', decode(p.hash, 'hex'), 'bench', bench.id('user', 1000 + p.number), now()
  from jsonb_to_recordset(:people::jsonb) as p (number bigint, hash text);
