import { command } from '../framework/command.ts'

export const regions = command({
  path: ['regions'],
  summary: 'List the regions in which a workspace can live.',

  async run({ sdk, out }) {
    const columns = [
      { header: 'ID', cell: (region: { id: string }) => region.id },
      { header: 'NAME', cell: (region: { name: string }) => region.name },
    ]
    out.list<{ id: string; name: string }>(await sdk.listRegions(), columns, 'This installation has no region.')
  },
})
