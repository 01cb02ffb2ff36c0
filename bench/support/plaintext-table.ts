/** One row for a value in clear, as isolated and guarded as any table of ours. */
export const plaintextTable = `
  create table instance.plain_row (
    workspace_id uuid not null, key text not null, value text not null, version integer not null,
    updated_at timestamptz not null, updated_by uuid, primary key (workspace_id, key)
  );
  select hub.protect_workspace_table('instance.plain_row');
  grant select, insert, update, delete on instance.plain_row to freehold_app`
