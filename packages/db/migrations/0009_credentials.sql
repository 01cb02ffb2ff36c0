-- What a workspace reaches other services with. The secret fields are beside it, sealed, so that no list can show them.
create table instance.credential (
  workspace_id uuid not null,
  id uuid not null,
  type text not null,
  name text not null,
  -- The slug of the only environment that may use it.
  environment text,
  fields jsonb not null,
  -- What is shown of each secret field.
  masks jsonb not null,
  needs_secret boolean not null,
  is_default boolean not null,
  version integer not null,
  last_check jsonb,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index credential_name on instance.credential (workspace_id, lower(name));
create unique index credential_default on instance.credential (workspace_id, type) where is_default;
select hub.protect_workspace_table('instance.credential');
grant select, insert, update, delete on instance.credential to freehold_app;

-- `version` is that of the credential when the value was sealed: it is authenticated with it.
create table instance.credential_value (
  workspace_id uuid not null,
  credential_id uuid not null,
  field text not null,
  version integer not null,
  key_version integer not null,
  sealed bytea not null,
  primary key (workspace_id, credential_id, field),
  foreign key (workspace_id, credential_id) references instance.credential (workspace_id, id)
);
create index credential_value_by_key on instance.credential_value (workspace_id, key_version);
select hub.protect_workspace_table('instance.credential_value');
grant select, insert, update, delete on instance.credential_value to freehold_app;
