import { command } from '../framework/command.ts'
import { shownTime } from '../framework/output.ts'

export const whoami = command({
  path: ['whoami'],
  summary: 'Who you are, by which credential, until when.',

  async run({ sdk, out }) {
    const me = await sdk.getMe()
    out.record(
      () => [
        ['Name', me.label],
        ['Kind', me.operator ? `${me.kind}, operator of the installation` : me.kind],
        ['Id', me.id],
        ...(me.email === null ? [] : [['E-mail', me.email] as const]),
        ...(me.role === null ? [] : [['Role', me.role] as const]),
        ...(me.workspace_id === null ? [] : [['Workspace', me.workspace_id] as const]),
        ['Credential', `${me.credential.kind} ${me.credential.id}`],
        ['Expires', shownTime(me.expires_at ?? me.credential.expires_at) ?? 'never'],
      ],
      me,
    )
  },
})
