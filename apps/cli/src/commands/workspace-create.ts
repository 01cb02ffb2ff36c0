import { tenancyModels } from '@freehold/contract'
import { choice, command, required, text, toggle } from '../framework/command.ts'
import { accountFlag, chooseRegion, findAccountId } from '../resources.ts'
import { followRun, requireSuccess } from '../run-progress.ts'

export const workspaceCreate = command({
  path: ['workspace', 'create'],
  summary: 'Create a workspace and print its id.',
  description:
    'Without --account and --region, the only one there is. Provisioning goes on after the answer; --wait follows it to its end.',
  examples: ['freehold workspace create "Acme Research" --wait', 'ID=$(freehold workspace create acme --region eu)'],
  mutates: true,
  args: { name: required('Name, 1 to 100 characters') },
  flags: {
    account: accountFlag,
    region: text('REGION', 'One of freehold regions'),
    slug: text('SLUG', 'Made from the name unless told; never changes'),
    description: text('TEXT', 'At most 500 characters'),
    tenancyModel: choice(tenancyModels, 'shared unless told'),
    wait: toggle('Show the steps until it is active; exit code 1 if it fails'),
  },

  async run({ args, flags, sdk, out, dryRun, connect, signal }) {
    const [account_id, region] = await Promise.all([findAccountId(sdk, flags.account), chooseRegion(sdk, flags.region)])
    const created = await sdk.createWorkspace({
      account_id,
      name: args.name,
      region,
      slug: flags.slug,
      description: flags.description,
      tenancy_model: flags.tenancyModel,
    })
    // Before waiting: whoever captures the id has it also when provisioning fails.
    out.result(created.workspace_id, created)
    if (dryRun) return
    if (!flags.wait) return out.note(`Provisioning has begun; freehold workspace watch ${created.workspace_id} follows it.`)
    requireSuccess(await followRun({ connect, signal }, created.provisioning_run_id))
    out.note('The workspace is active.')
  },
})
