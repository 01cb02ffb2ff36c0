-- Scopes, gates and the guards that every later table uses.
--
-- A statement runs under the scope that `enter` (packages/db/src/scope.ts) has set for its transaction; row-level security lets it
-- see that scope and nothing else. FORCE makes this hold for the tables' owner too.

create schema hub;
create schema instance;
grant usage on schema hub, instance to freehold_app;

create function hub.setting_uuid(name text) returns uuid
  language sql stable parallel safe
  return nullif(current_setting(name, true), '')::uuid;

create function hub.setting_uuids(name text) returns uuid[]
  language sql stable parallel safe
  return string_to_array(nullif(current_setting(name, true), ''), ',')::uuid[];

-- Whatever changes what a principal, a group, an account or a workspace may do raises the epoch of its gate in the
-- same transaction. A decision remembers the epochs that it was made under; `enter` refuses it once one has moved.
create table hub.gate (
  id uuid primary key,
  kind text not null check (kind in ('user', 'group', 'account', 'workspace', 'installation')),
  epoch bigint not null default 1
);
alter table hub.gate enable row level security;
alter table hub.gate force row level security;
-- Ids and epochs, nothing of any tenant: a decision is compared with them before any scope is entered.
create policy compared on hub.gate for select using (true);
create policy opened on hub.gate for insert with check (id = any ((select hub.setting_uuids('app.gate_ids'))::uuid[]));
create policy raised on hub.gate for update
  using (id = any ((select hub.setting_uuids('app.gate_ids'))::uuid[]))
  with check (id = any ((select hub.setting_uuids('app.gate_ids'))::uuid[]));
grant select, insert, update on hub.gate to freehold_app;

create function hub.refuse_moved() returns text language plpgsql as $$
begin
  raise exception 'a gate has moved since the decision was made' using errcode = 'FH001';
end $$;

-- The settings that few statements need, `app.` before each name.
create function hub.set_more(p_settings jsonb) returns text language plpgsql as $$
declare
  setting record;
begin
  for setting in select key, value from jsonb_each_text(p_settings) loop
    perform set_config('app.' || setting.key, setting.value, true);
  end loop;
  return null;
end $$;

-- A transaction that writes an audit event or a saga's journal marks itself; a tenant table refuses, at commit,
-- a transaction that changed it and is not marked.
create function hub.mark_recorded() returns trigger language plpgsql as $$
begin
  perform set_config('app.recorded_by', pg_current_xact_id()::text, true);
  return null;
end $$;

create function hub.require_record() returns trigger language plpgsql as $$
begin
  if current_setting('app.recorded_by', true) is distinct from pg_current_xact_id()::text then
    raise exception '% on %.% has neither an audit event nor a saga journal row in its transaction',
      tg_op, tg_table_schema, tg_table_name using errcode = 'FH002';
  end if;
  return null;
end $$;

-- Puts a table under row-level security and the audit guard. `p_scope` is the condition under which a row is visible
-- and may be written, in terms of the settings above.
create function hub.protect(p_table regclass, p_scope text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format('create policy in_scope on %s using (%s) with check (%s)', p_table, p_scope, p_scope);
  execute format('create constraint trigger require_record after insert or update or delete on %s
    deferrable initially deferred for each row execute function hub.require_record()', p_table);
end $$;

create function hub.protect_workspace_table(p_table regclass) returns void language sql as $$
  select hub.protect(p_table, 'workspace_id = (select nullif(current_setting(''app.workspace_id'', true), '''')::uuid)')
$$;

revoke execute on function hub.protect, hub.protect_workspace_table from public;

-- One row about the installation itself: nothing of any tenant.
create table hub.installation (
  id uuid primary key,
  claimed_at timestamptz,
  created_at timestamptz not null
);
select hub.protect('hub.installation', 'true');
grant select, insert, update on hub.installation to freehold_app;
