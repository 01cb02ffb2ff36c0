import { command, required, text } from '../framework/command.ts'

export const accountCreate = command({
  path: ['account', 'create'],
  summary: 'Create an account and print its id. Operators only.',
  mutates: true,
  args: { name: required('Name') },
  flags: { slug: text('SLUG', 'Made from the name unless told; never changes') },

  async run({ args, flags, sdk, out, dryRun }) {
    const account = await sdk.createAccount({ name: args.name, slug: flags.slug })
    out.result(account.id, account)
    if (!dryRun) out.note(`Created the account ${account.slug}.`)
  },
})
