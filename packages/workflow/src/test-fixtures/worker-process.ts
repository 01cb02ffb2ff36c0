import { openDatabase } from '@freehold/db'
import { type Saga, saga, startWorker, type Step } from '../index.ts'
import { keepLogs } from './logs.ts'
import { type Deps, type Input, provision } from './provision.saga.ts'

// A worker in a process of its own, which says when it has reached a place behind an effect, and stays there.
const [url, folder, phase, stepName] = process.argv.slice(2) as [string, string, 'run' | 'undo', string]

function hang(): Promise<never> {
  process.stdout.write('reached\n')
  return new Promise(() => undefined)
}

function hangBehind(step: Step<Input, Deps>): Step<Input, Deps> {
  if (step.name !== stepName) return step
  const effect = step[phase] as (context: unknown) => Promise<unknown>
  const changed = async (context: unknown) => {
    await effect(context)
    await hang()
  }
  return { ...step, [phase]: changed, retry: { timeoutMs: 600_000 } }
}

const hanging: Saga<Input, Deps> = saga(provision.name, provision.steps.map(hangBehind), provision.hooks)
const { appUrl, writes } = await openDatabase({ url })
await startWorker({ url: appUrl, writes, sagas: [hanging], deps: { folder }, logger: keepLogs() })
process.stdout.write('ready\n')
