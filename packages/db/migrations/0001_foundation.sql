-- Scopes, gates and the guards that every later table uses.
--
-- A statement runs under the scope that `hub.enter` has set for its transaction; row-level security lets it
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
create policy gate_named on hub.gate
  using (id = any ((select hub.setting_uuids('app.gate_ids'))::uuid[]))
  with check (id = any ((select hub.setting_uuids('app.gate_ids'))::uuid[]));
grant select, insert, update on hub.gate to freehold_app;

-- Sets the scope of this transaction and proves that the decision behind it still holds, in the snapshot in
-- which the statement after it reads. `p_more` carries the narrow settings that few statements need.
create function hub.enter(
  p_workspace_id text, p_account_id text, p_principal_id text, p_gate_ids text, p_epochs text, p_more jsonb
) returns void language plpgsql as $$
declare
  setting record;
begin
  perform set_config('app.workspace_id', p_workspace_id, true),
          set_config('app.account_id', p_account_id, true),
          set_config('app.principal_id', p_principal_id, true),
          set_config('app.gate_ids', p_gate_ids, true);
  if p_more is not null then
    for setting in select key, value from jsonb_each_text(p_more) loop
      perform set_config('app.' || setting.key, setting.value, true);
    end loop;
  end if;
  if p_epochs <> '' then
    if (select count(*) from hub.gate g
        join unnest(string_to_array(p_gate_ids, ',')::uuid[], string_to_array(p_epochs, ',')::bigint[]) as held (id, epoch)
          on g.id = held.id and g.epoch = held.epoch) <> cardinality(string_to_array(p_epochs, ',')) then
      raise exception 'a gate has moved since the decision was made' using errcode = 'FH001';
    end if;
  end if;
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
