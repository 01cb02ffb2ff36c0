import { type Client, createFreehold } from '@freehold/sdk'
import { readFileSync } from 'node:fs'
import { type DemoKey, type DemoWorkspace, demoWorkspaces } from './demo-workspaces.ts'

export type DemoOptions = {
  url: string
  /** Of the operator's token; null where the data directory holds none. */
  tokenFile: string | null
  /** Makes the provisioning of the next workspace fail, once. */
  refuseNext(reason: string): void
  onProgress(line: string): void
}

const daySeconds = 86_400

/**
 * Fills an installation that has no workspace yet, as any client would: through the API. One that has any is left as it
 * is, so a second start adds nothing. What goes wrong is told and stops the demo, not the server.
 */
export async function fillDemo({ url, tokenFile, refuseNext, onProgress }: DemoOptions): Promise<void> {
  if (tokenFile === null) return onProgress("Demo: nothing was added, because the data directory holds no operator's token.")
  try {
    const sdk = createFreehold({ url, token: readFileSync(tokenFile, 'utf8').trim() })
    const place = await findEmptyPlace(sdk)
    if (!place) return onProgress('Demo: nothing was added, because there are workspaces already.')
    for (const workspace of demoWorkspaces) {
      if (workspace.ends.status === 'failed') {
        onProgress(`Demo: ${workspace.name} is refused its storage on purpose, so that there is a failure to look at`)
        refuseNext(workspace.ends.reason)
      }
      onProgress(`Demo: ${workspace.name} is ${await createDemoWorkspace(sdk, place, workspace)}`)
    }
  } catch (error) {
    onProgress(`Demo: stopped half way. ${error instanceof Error ? error.message : String(error)}`)
  }
}

type Place = { account_id: string; region: string }

/** The operator's first account and the region; null when there is a workspace in it, or no place for one. */
async function findEmptyPlace(sdk: Client): Promise<Place | null> {
  const [workspaces, accounts, regions] = await Promise.all([sdk.listWorkspaces({ limit: 1 }), sdk.listAccounts(), sdk.listRegions()])
  const account = accounts.items.at(-1)
  const [region] = regions
  return workspaces.items.length === 0 && account && region ? { account_id: account.id, region: region.id } : null
}

/** Answers the status that the workspace ended up in. */
async function createDemoWorkspace(sdk: Client, place: Place, { name, description, environments, keys, ends }: DemoWorkspace) {
  const { workspace_id, provisioning_run_id } = await sdk.createWorkspace({ ...place, name })
  if ((await waitForEnd(sdk, provisioning_run_id)) !== 'succeeded') return (await sdk.getWorkspace({ workspace_id })).status

  // Afterwards and not at creation: so that the activity log has a change to show.
  await sdk.updateWorkspace({ workspace_id, description })
  for (const environment of environments) await sdk.createEnvironment({ workspace_id, ...environment })
  for (const key of keys) await createDemoKey(sdk, workspace_id, key)
  if (ends.status === 'frozen') await sdk.setWorkspaceStatus({ workspace_id, status: 'frozen', reason: ends.reason })
  return (await sdk.getWorkspace({ workspace_id })).status
}

async function createDemoKey(sdk: Client, workspace_id: string, { name, description, role, lifetimeDays, revoked }: DemoKey) {
  const lifetime_seconds = lifetimeDays === null ? null : lifetimeDays * daySeconds
  const key = await sdk.createApiKey({ workspace_id, name, description, role, lifetime_seconds })
  if (revoked) await sdk.revokeApiKey({ workspace_id, api_key_id: key.id })
}

/** Answers the run's status once it has ended. */
async function waitForEnd(sdk: Client, run_id: string): Promise<string> {
  for await (const { event, data } of sdk.streamRun({ run_id })) {
    if (event === 'run' && data.finished_at !== null) return data.status
  }
  return (await sdk.getRun({ run_id })).status
}
