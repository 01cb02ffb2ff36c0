-- Files of a workspace. Their bytes are in the object store under the id of their object; names never reach it.
create table instance.file (
  workspace_id uuid not null,
  id uuid not null,
  -- In NFC and by bytes, so that a prefix is a range of the index.
  name text collate "C" not null check (octet_length(name) between 1 and 1024),
  -- All before the last segment, with its `/`.
  folder text collate "C" not null,
  version int not null,
  object_id uuid not null,
  size_bytes bigint not null,
  content_type text not null,
  checksum_sha256 text not null,
  -- Of these bytes; `created` and `updated` are the file's.
  stored_at timestamptz not null,
  stored_by uuid,
  -- The upload that these bytes came by, so that finishing it once more answers alike.
  upload_id uuid,
  created_at timestamptz not null,
  created_by uuid,
  updated_at timestamptz not null,
  updated_by uuid,
  primary key (workspace_id, id)
);
create unique index file_by_name on instance.file (workspace_id, name);
create unique index file_by_upload on instance.file (workspace_id, upload_id) where upload_id is not null;
create index file_by_folder on instance.file (workspace_id, folder, name);
select hub.protect_workspace_table('instance.file');
grant select, insert, update, delete on instance.file to freehold_app;

-- What a file's bytes were before they were replaced.
create table instance.file_version (
  workspace_id uuid not null,
  file_id uuid not null,
  version int not null,
  object_id uuid not null,
  size_bytes bigint not null,
  content_type text not null,
  checksum_sha256 text not null,
  stored_at timestamptz not null,
  stored_by uuid,
  expires_at timestamptz not null,
  primary key (workspace_id, file_id, version),
  foreign key (workspace_id, file_id) references instance.file (workspace_id, id)
);
create index file_version_by_object on instance.file_version (workspace_id, object_id);
select hub.protect_workspace_table('instance.file_version');
grant select, insert, delete on instance.file_version to freehold_app;

-- Uploads under way.
create table instance.file_upload (
  workspace_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('url', 'tus')),
  name text not null,
  content_type text not null,
  object_id uuid not null,
  size_bytes bigint,
  checksum_sha256 text,
  -- What the store calls an object that comes in parts.
  parts_id text,
  -- What came by a signed URL of ours.
  received_bytes bigint,
  received_sha256 text,
  -- Counted in `file_usage` until the file is there or the upload has ended.
  reserved_bytes bigint not null,
  created_at timestamptz not null,
  created_by uuid,
  -- Who began it, for the event of bytes that come by a signed URL.
  actor_kind text not null,
  actor_label text not null,
  expires_at timestamptz not null,
  primary key (workspace_id, id)
);
select hub.protect_workspace_table('instance.file_upload');
grant select, insert, update, delete on instance.file_upload to freehold_app;

-- How many files, and bytes with all versions, a workspace has or has promised room for. One row, so that a limit is checked without a count.
create table instance.file_usage (
  workspace_id uuid primary key,
  files bigint not null,
  bytes bigint not null
);
select hub.protect_workspace_table('instance.file_usage');
grant select, insert, update, delete on instance.file_usage to freehold_app;

-- Bytes to be removed, unless what they are for has been committed by then; uploads and versions that come to their end. Ids only,
-- so that the sweep finds work without reading any tenant's rows.
create table instance.file_cleanup (
  workspace_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('object', 'upload', 'version')),
  due_at timestamptz not null,
  primary key (id, kind)
);
create index file_cleanup_by_time on instance.file_cleanup (due_at);
create index file_cleanup_by_workspace on instance.file_cleanup (workspace_id);
alter table instance.file_cleanup enable row level security;
alter table instance.file_cleanup force row level security;
create policy ids_only on instance.file_cleanup using (true) with check (true);
grant select, insert, update, delete on instance.file_cleanup to freehold_app;
