-- One chain for each workspace, account and user. `seq`, `prev_hash` and `hash` come from the sealer, within a second.
create table hub.audit_event (
  id uuid primary key,
  chain_kind text not null check (chain_kind in ('workspace', 'account', 'user')),
  chain_id uuid not null,
  workspace_id uuid,
  account_id uuid,
  -- Milliseconds, as the hash covers them: a finer part could be changed unseen.
  at timestamptz(3) not null,
  actor_kind text not null,
  actor_id text not null,
  actor_label text not null,
  action text not null,
  resource_kind text not null,
  resource_id text not null,
  resource_label text not null,
  before jsonb,
  after jsonb,
  request_id text,
  ip text,
  seq bigint,
  prev_hash text,
  hash text,
  unique (chain_id, seq),
  check (workspace_id is not distinct from case when chain_kind = 'workspace' then chain_id end),
  check (chain_kind <> 'account' or account_id is not distinct from chain_id)
);
-- A workspace's events are its chain's, so none of these leads with workspace_id.
create index audit_event_by_chain on hub.audit_event (chain_id, id desc);
create index audit_event_by_action on hub.audit_event (chain_id, action, id desc);
create index audit_event_by_resource on hub.audit_event (chain_id, resource_id, id desc);
create index audit_event_by_account on hub.audit_event (account_id, id desc);
alter table hub.audit_event enable row level security;
alter table hub.audit_event force row level security;
create policy in_scope on hub.audit_event
  using (chain_id = (select hub.setting_uuid('app.workspace_id'))
      or chain_id = (select hub.setting_uuid('app.account_id'))
      or chain_id = (select hub.setting_uuid('app.principal_id')))
  with check (chain_id = (select hub.setting_uuid('app.workspace_id'))
      or chain_id = (select hub.setting_uuid('app.account_id'))
      or chain_id = (select hub.setting_uuid('app.principal_id')));
create policy listed on hub.audit_event for select using (
  workspace_id = any ((select hub.setting_uuids('app.workspace_ids'))::uuid[])
  or account_id = any ((select hub.setting_uuids('app.account_ids'))::uuid[])
  or chain_id = any ((select hub.setting_uuids('app.chain_ids'))::uuid[])
);
create trigger mark_recorded after insert on hub.audit_event for each statement execute function hub.mark_recorded();
-- Events are written once. Only the sealer's three columns can ever be set, and only while they are empty.
grant select, insert on hub.audit_event to freehold_app;
grant update (seq, prev_hash, hash) on hub.audit_event to freehold_app;
create function hub.refuse_resealing() returns trigger language plpgsql as $$
begin
  if old.seq is not null then
    raise exception 'audit event % is sealed' , old.id using errcode = 'FH003';
  end if;
  return new;
end $$;
create trigger refuse_resealing before update on hub.audit_event for each row execute function hub.refuse_resealing();

-- Events that wait for the sealer: ids only, so that it finds work without reading any tenant's rows.
create table hub.audit_unsealed (
  event_id uuid primary key,
  chain_kind text not null,
  chain_id uuid not null
);
create index audit_unsealed_by_chain on hub.audit_unsealed (chain_id, event_id);
alter table hub.audit_unsealed enable row level security;
alter table hub.audit_unsealed force row level security;
create policy ids_only on hub.audit_unsealed using (true) with check (true);
grant select, insert, delete on hub.audit_unsealed to freehold_app;

-- The newest sealed event of each chain, signed with a key that the database never holds.
create table hub.audit_head (
  chain_id uuid primary key,
  chain_kind text not null,
  seq bigint not null,
  hash text not null,
  at timestamptz(3) not null,
  signature text not null
);
alter table hub.audit_head enable row level security;
alter table hub.audit_head force row level security;
create policy in_scope on hub.audit_head
  using (chain_id = (select hub.setting_uuid('app.workspace_id'))
      or chain_id = (select hub.setting_uuid('app.account_id'))
      or chain_id = (select hub.setting_uuid('app.principal_id')))
  with check (chain_id = (select hub.setting_uuid('app.workspace_id'))
      or chain_id = (select hub.setting_uuid('app.account_id'))
      or chain_id = (select hub.setting_uuid('app.principal_id')));
grant select, insert, update on hub.audit_head to freehold_app;
