import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { toCredential } from './credential-answer.ts'
import { refuseForeignEnvironment } from './environment-limits.ts'
import { existing } from './find-credential.ts'
import { findCredential, listCredentials as selectCredentials } from './queries.ts'

export async function listCredentials(ctx: RequestContext, { query }: InputOf<'listCredentials'>) {
  const workspace = ctx.granted('workspace', 'read')
  const page = pageById(query)
  const rows = await selectCredentials(ctx.db, workspace.id, page, query)
  return toPage(rows, page.limit, toCredential, (row) => row.id)
}

export async function getCredential(ctx: RequestContext, { params }: InputOf<'getCredential'>) {
  const workspace = ctx.granted('workspace', 'read')
  const row = existing(await findCredential(ctx.db, workspace.id, params.credential_id))
  refuseForeignEnvironment(ctx.principal, row.environment)
  return toCredential(row)
}
