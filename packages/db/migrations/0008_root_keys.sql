-- Versions of the root key, what each has sealed, and keys that outlive them.

-- A version is there while anything is sealed under it. The newest seals; the others are being rotated away.
create table hub.root_key (
  version integer primary key check (version > 0),
  -- A value that only the right key opens: sealed for `check_place` under the key that is derived for `check_purpose`. Null until a server
  -- has told which key it is.
  check_purpose text,
  check_place text[],
  check_sealed bytea,
  -- The key itself, wrapped by this KMS; null where it comes from a file or the environment.
  kms text,
  wrapped bytea,
  created_at timestamptz not null,
  check ((kms is null) = (wrapped is null))
);
alter table hub.root_key enable row level security;
alter table hub.root_key force row level security;
create policy open on hub.root_key using (true) with check (true);
grant select, insert, update, delete on hub.root_key to freehold_app;

-- What an earlier version of Freehold has sealed shows which key is right. The first start that has the key puts a check of its own there.
alter table hub.workspace_key no force row level security;
alter table hub.totp no force row level security;
insert into hub.root_key (version, check_purpose, check_place, check_sealed, created_at)
  select 1, purpose, place, sealed, now() from hub.installation left join (
    select 1 as rank, 'workspace keys' as purpose, array[workspace_id::text, version::text] as place, wrapped as sealed from hub.workspace_key
    union all
    select 2, 'totp', array['totp', user_id::text], sealed from hub.totp
  ) as witness on true order by rank limit 1;
alter table hub.workspace_key force row level security;
alter table hub.totp force row level security;

-- No version goes while anything is sealed under it, and none that has gone can seal.
alter table hub.workspace_key add column root_version integer not null default 1 references hub.root_key (version);
create index workspace_key_by_root on hub.workspace_key (root_version);
alter table hub.totp add column root_version integer not null default 1 references hub.root_key (version);
create index totp_by_root on hub.totp (root_version);

-- Keys that sign what is kept for long, sealed: a rotation of the root key seals them anew and leaves them what they are.
create table hub.installation_key (
  name text primary key,
  root_version integer not null references hub.root_key (version),
  sealed bytea not null,
  created_at timestamptz not null
);
create index installation_key_by_root on hub.installation_key (root_version);
alter table hub.installation_key enable row level security;
alter table hub.installation_key force row level security;
create policy open on hub.installation_key using (true) with check (true);
grant select, insert, update on hub.installation_key to freehold_app;

-- Finding what is left under an older version is for whoever holds the owner's credentials, who could lift row-level security anyway.
create policy owner_rotates on hub.workspace_key for select to current_user using (current_user <> 'freehold_app');
create policy owner_rotates on hub.totp for select to current_user using (current_user <> 'freehold_app');

-- A data key that has gone must not live on in a server's memory: what it opened is proved by the workspace's gate. By trigger, so that no way
-- of deleting one can forget it.
create function hub.raise_gate_of_key() returns trigger language plpgsql as $$
declare
  held text := current_setting('app.gate_ids', true);
begin
  perform set_config('app.gate_ids', concat_ws(',', nullif(held, ''), old.workspace_id::text), true);
  update hub.gate set epoch = epoch + 1 where id = old.workspace_id;
  perform set_config('app.gate_ids', coalesce(held, ''), true);
  return null;
end $$;
create trigger raise_gate after delete on hub.workspace_key for each row execute function hub.raise_gate_of_key();
