import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { toCollection, toSchemaAnswer, toSummary } from './collection-answer.ts'
import { requireCollection } from './open-collection.ts'
import { listCollections as selectCollections } from './queries.ts'

export async function listCollections(ctx: RequestContext, { query }: InputOf<'listCollections'>) {
  const workspace = ctx.granted('workspace', 'read')
  const page = pageById(query)
  const rows = await selectCollections(ctx.db, workspace.id, page)
  return toPage(rows, page.limit, toSummary, (row) => row.id)
}

export async function getCollection(ctx: RequestContext, { params }: InputOf<'getCollection'>) {
  const workspace = ctx.granted('workspace', 'read')
  return toCollection(await requireCollection(ctx.db, workspace.id, params.collection))
}

export async function getCollectionSchema(ctx: RequestContext, { params }: InputOf<'getCollectionSchema'>) {
  const workspace = ctx.granted('workspace', 'read')
  return toSchemaAnswer(await requireCollection(ctx.db, workspace.id, params.collection))
}
