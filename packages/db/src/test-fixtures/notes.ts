import { newId } from '@freehold/kit'
import { testCluster, type TestDatabase } from '@freehold/testing'
import pg from 'pg'
import type { Statement } from '../statement.ts'

export type Note = { workspace_id: string; id: string; text: string }

/** A table of a tenant's rows, under the same protection as every other: what tests of the database layer work on. */
export async function createNotes(ownerUrl: string): Promise<void> {
  await runAs(
    ownerUrl,
    `create table hub.note (workspace_id uuid not null, id uuid not null, text text not null, primary key (workspace_id, id));
     select hub.protect_workspace_table('hub.note');
     grant select, insert, update, delete on hub.note to freehold_app`,
  )
}

/** Statements on notes, and the mark that the audit guard asks for. */
export const notes = {
  list: (): Statement => ({ name: 'notes', text: 'select workspace_id, id, text from hub.note order by id', values: [] }),
  insert: (workspaceId: string, text: string): Statement => ({
    name: 'note_insert',
    text: 'insert into hub.note (workspace_id, id, text) values ($1, $2, $3)',
    values: [workspaceId, newId(), text],
  }),
  record: (): Statement => ({
    name: 'record',
    text: "select set_config('app.recorded_by', pg_current_xact_id()::text, true)",
    values: [],
  }),
}

/** Runs statements on a connection of their own and answers the rows of the last one. */
export async function runAs<Row extends pg.QueryResultRow = pg.QueryResultRow>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const answers: pg.QueryResult<Row> | pg.QueryResult<Row>[] = await client.query<Row>(text, values)
    return Array.isArray(answers) ? ((answers.at(-1) as pg.QueryResult<Row> | undefined)?.rows ?? []) : answers.rows
  } finally {
    await client.end()
  }
}

/** Drops a test's database although a superuser's session of the test may still be about to end. */
export async function dropDatabase({ database, url }: TestDatabase): Promise<void> {
  await database.close()
  await runAs(testCluster().superuserUrl, `drop database ${new URL(url).pathname.slice(1)} with (force)`)
}
