import { isUuid } from '@freehold/kit'
import type { Client } from '@freehold/sdk'
import type { Argument, Flag } from './framework/command.ts'
import { text } from './framework/command.ts'
import { CommandFailure } from './framework/failure.ts'

/** A workspace by slug or id; the command sees its id. */
export const workspaceArgument: Argument<string> = {
  description: 'Workspace slug or id',
  required: true,
  resolve: (word, session) => findWorkspaceId(session.connect(), word),
}

/** An account by slug or id; the command sees its id. */
export const accountArgument: Argument<string> = {
  description: 'Account slug or id',
  required: true,
  resolve: (word, session) => findAccountId(session.connect(), word),
}

/** The same where it may be left out. */
export const workspaceOption: Argument<string | undefined> = { ...workspaceArgument, required: false }

export const runArgument: Argument<string> = {
  description: 'Id of the provisioning run',
  required: true,
  resolve: (word) => {
    if (isUuid(word)) return word
    throw new CommandFailure('usage', `"${word}" is no run id.`, 'freehold workspace get WORKSPACE shows it.')
  },
}

export const accountFlag: Flag<string | undefined> = text('ACCOUNT', 'Account slug or id')

export async function findWorkspaceId(sdk: Client, word: string): Promise<string> {
  if (isUuid(word)) return word
  for await (const workspace of sdk.listWorkspaces({ q: word, limit: 1000 })) if (workspace.slug === word) return workspace.id
  throw new CommandFailure(
    'notFound',
    `There is no workspace "${word}", or you may not read it.`,
    'freehold workspace list shows those that you may read.',
  )
}

/** An account's id by slug or id; without either, the only account that the caller may read. */
export async function findAccountId(sdk: Client, word: string | undefined): Promise<string> {
  if (word !== undefined && isUuid(word)) return word
  const slugs: string[] = []
  let only: string | undefined
  for await (const account of sdk.listAccounts({ limit: 1000 })) {
    if (account.slug === word) return account.id
    only = account.id
    slugs.push(account.slug)
  }
  if (word !== undefined)
    throw new CommandFailure(
      'notFound',
      `There is no account "${word}", or you may not read it.`,
      'freehold account list shows those that you may read.',
    )
  if (only === undefined) throw new CommandFailure('notFound', 'You may read no account.', "Ask an account's owner for a role on it.")
  if (slugs.length > 1) throw new CommandFailure('usage', 'There are several accounts.', `Choose with --account: ${shownSome(slugs)}.`)
  return only
}

/** The region's id, unchecked; without one, the only region of the installation. */
export async function chooseRegion(sdk: Client, word: string | undefined): Promise<string> {
  if (word !== undefined) return word
  const regions = await sdk.listRegions()
  const [first, second] = regions
  if (first === undefined) throw new CommandFailure('failed', 'This installation has no region.', 'Its operator has to add an instance.')
  if (second !== undefined) {
    throw new CommandFailure(
      'usage',
      'There are several regions.',
      `Choose with --region: ${shownSome(regions.map((region) => region.id))}.`,
    )
  }
  return first.id
}

function shownSome(names: readonly string[]): string {
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ')
}
