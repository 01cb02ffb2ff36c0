import type { SagaFor } from '@freehold/workflow'
import { type ProvisionDeps, provisionWorkspace } from './provision-workspace.saga.ts'

/** Every saga of the hub: what the worker runs and the sweep tries at each step. */
export const sagas: readonly SagaFor<ProvisionDeps>[] = [provisionWorkspace]
