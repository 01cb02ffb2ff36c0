-- SpiceDB as the permission engine: what it has still to be told, and how fresh its answers must be.

-- The row that is there while relationships are also kept in a SpiceDB.
create table hub.spicedb (
  installation_id uuid primary key,
  since timestamptz not null
);
alter table hub.spicedb enable row level security;
alter table hub.spicedb force row level security;
create policy open on hub.spicedb using (true) with check (true);
grant select, insert, delete on hub.spicedb to freehold_app;

-- Changes of relationships that SpiceDB has not confirmed, in the order in which it must hear of them. Ids and role names only.
create table hub.relationship_outbox (
  seq bigint generated always as identity primary key,
  -- The transaction, whose changes SpiceDB gets as one.
  written_by bigint not null default (pg_current_xact_id()::text::bigint),
  op text not null check (op in ('touch', 'delete')),
  resource_type text not null,
  resource_id uuid not null,
  relation text not null,
  subject_type text not null,
  subject_id uuid not null,
  subject_relation text not null,
  expires_at timestamptz
);
create index relationship_outbox_by_resource on hub.relationship_outbox (resource_id);
create index relationship_outbox_by_subject on hub.relationship_outbox (subject_id);
create index relationship_outbox_by_transaction on hub.relationship_outbox (written_by);
alter table hub.relationship_outbox enable row level security;
alter table hub.relationship_outbox force row level security;
create policy ids_only on hub.relationship_outbox for select using (true);
create policy delivered on hub.relationship_outbox for delete using (true);
-- Nobody tells SpiceDB of what has not happened to a tuple.
create policy by_trigger on hub.relationship_outbox for insert with check (pg_trigger_depth() > 0);
grant select, insert, delete on hub.relationship_outbox to freehold_app;

-- By trigger, so that no way of changing a tuple can forget it. It fires once the tuple's row is locked or its key taken, so of two changes
-- of one tuple the later has the greater number and becomes visible later.
create function hub.keep_for_spicedb() returns trigger language plpgsql as $$
begin
  if not exists (select from hub.spicedb) then
    return null;
  end if;
  if tg_op <> 'INSERT' then
    insert into hub.relationship_outbox (op, resource_type, resource_id, relation, subject_type, subject_id, subject_relation)
    values ('delete', old.resource_type, old.resource_id, old.relation, old.subject_type, old.subject_id, old.subject_relation);
  end if;
  if tg_op <> 'DELETE' then
    insert into hub.relationship_outbox (op, resource_type, resource_id, relation, subject_type, subject_id, subject_relation, expires_at)
    values ('touch', new.resource_type, new.resource_id, new.relation, new.subject_type, new.subject_id, new.subject_relation, new.expires_at);
  end if;
  perform pg_notify('freehold', '{"kind":"relationship"}');
  return null;
end $$;
create trigger keep_for_spicedb after insert or update or delete on hub.relationship
  for each row execute function hub.keep_for_spicedb();

-- SpiceDB's token of the newest delivery that touched the gate's object, and which delivery that was: tokens cannot be compared.
alter table hub.gate add column zed_token text, add column zed_delivery bigint, add check ((zed_token is null) = (zed_delivery is null));
create sequence hub.zed_delivery;
grant usage on sequence hub.zed_delivery to freehold_app;

-- Comparing all relationships with SpiceDB's is for whoever holds the owner's credentials, who could lift row-level security anyway.
create policy owner_compares on hub.relationship for select to current_user using (current_user <> 'freehold_app');
