-- The Data Vault: collections with a schema, their records, and the entries of the indexes that queries use.

create table instance.vault_collection (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  description text not null default '',
  schema jsonb not null,
  schema_version integer not null default 1,
  indexes jsonb not null default '[]',
  -- No number is used twice: entries of an index that was removed may still be there.
  next_index_no smallint not null default 1,
  -- Key of the hashes by which sensitive fields are compared, sealed under the workspace's data key of this version.
  hash_key bytea,
  key_version integer,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Deleted; its records are being removed.
  deleted_at timestamptz,
  primary key (workspace_id, id),
  check ((hash_key is null) = (key_version is null))
);
create unique index vault_collection_by_name on instance.vault_collection (workspace_id, name) where deleted_at is null;
create index vault_collection_by_key on instance.vault_collection (workspace_id, key_version) where key_version is not null;
select hub.protect_workspace_table('instance.vault_collection');
grant select, insert, update, delete on instance.vault_collection to freehold_app;

-- `data` is what readers see: sensitive fields are masked there. `sealed` and `hashes` hold them by path.
create table instance.vault_record (
  workspace_id uuid not null,
  collection_id uuid not null,
  id uuid not null,
  version integer not null default 1,
  data jsonb not null,
  sealed jsonb,
  hashes jsonb,
  -- Version of the workspace's data key under which `sealed` is.
  key_version integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, collection_id, id),
  foreign key (workspace_id, collection_id) references instance.vault_collection (workspace_id, id),
  check ((sealed is null) = (key_version is null))
);
create index vault_record_by_key on instance.vault_record (workspace_id, key_version) where key_version is not null;
select hub.protect_workspace_table('instance.vault_record');
grant select, insert, update, delete on instance.vault_record to freehold_app;

-- One row for each record and index. `key` is the record's fields, encoded so that bytes sort as the values do: an equality, a
-- range, a prefix or a sort is one range of the primary key. They are made from records, whose changes are recorded.
create table instance.vault_index_entry (
  workspace_id uuid not null,
  collection_id uuid not null,
  index_no smallint not null,
  key bytea not null,
  record_id uuid not null,
  is_unique boolean not null default false,
  primary key (workspace_id, collection_id, index_no, key, record_id)
);
create unique index vault_index_entry_unique on instance.vault_index_entry (workspace_id, collection_id, index_no, key) where is_unique;
alter table instance.vault_index_entry enable row level security;
alter table instance.vault_index_entry force row level security;
create policy in_scope on instance.vault_index_entry
  using (workspace_id = (select hub.setting_uuid('app.workspace_id')))
  with check (workspace_id = (select hub.setting_uuid('app.workspace_id')));
grant select, insert, delete on instance.vault_index_entry to freehold_app;

-- How many records there are. Writers add to one of several rows, so that they need not wait for each other.
create table instance.vault_count (
  workspace_id uuid not null,
  collection_id uuid not null,
  stripe smallint not null,
  records bigint not null,
  primary key (workspace_id, collection_id, stripe)
);
select hub.protect_workspace_table('instance.vault_count');
grant select, insert, update, delete on instance.vault_count to freehold_app;

-- Collections with work to be done in the background: ids only, so that it is found without reading any tenant's rows.
create table instance.vault_task (
  collection_id uuid not null,
  workspace_id uuid not null,
  kind text not null check (kind in ('build', 'purge')),
  primary key (collection_id, kind)
);
alter table instance.vault_task enable row level security;
alter table instance.vault_task force row level security;
create policy ids_only on instance.vault_task for select using (true);
create policy in_scope on instance.vault_task
  using (workspace_id = (select hub.setting_uuid('app.workspace_id')))
  with check (workspace_id = (select hub.setting_uuid('app.workspace_id')));
grant select, insert, delete on instance.vault_task to freehold_app;

-- A scope may bound its statement, which ends before the connection's own limit does.
create or replace function hub.set_more(p_settings jsonb) returns text language plpgsql as $$
declare
  setting record;
begin
  for setting in select key, value from jsonb_each_text(p_settings) loop
    perform set_config(case setting.key when 'statement_timeout' then 'statement_timeout' else 'app.' || setting.key end, setting.value, true);
  end loop;
  return null;
end $$;
