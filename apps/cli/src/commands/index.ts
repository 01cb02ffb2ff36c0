import type { Command } from '../framework/command.ts'
import { accountCreate } from './account-create.ts'
import { accountList } from './account-list.ts'
import { apiKeyCreate } from './api-key-create.ts'
import { apiKeyList } from './api-key-list.ts'
import { apiKeyRevoke } from './api-key-revoke.ts'
import { auditExport } from './audit-export.ts'
import { auditList } from './audit-list.ts'
import { auditVerify } from './audit-verify.ts'
import { auditWatch } from './audit-watch.ts'
import { environmentList } from './environment-list.ts'
import { help } from './help.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { regions } from './regions.ts'
import { runCancel } from './run-cancel.ts'
import { runGet } from './run-get.ts'
import { runRetry } from './run-retry.ts'
import { runWatch } from './run-watch.ts'
import { whoami } from './whoami.ts'
import { workspaceCreate } from './workspace-create.ts'
import { workspaceFreeze } from './workspace-freeze.ts'
import { workspaceGet } from './workspace-get.ts'
import { workspaceList } from './workspace-list.ts'
import { workspaceUnfreeze } from './workspace-unfreeze.ts'
import { workspaceUpdate } from './workspace-update.ts'
import { workspaceWatch } from './workspace-watch.ts'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  login,
  logout,
  whoami,
  accountList,
  accountCreate,
  workspaceList,
  workspaceCreate,
  workspaceGet,
  workspaceUpdate,
  workspaceWatch,
  workspaceFreeze,
  workspaceUnfreeze,
  environmentList,
  runGet,
  runWatch,
  runRetry,
  runCancel,
  apiKeyList,
  apiKeyCreate,
  apiKeyRevoke,
  auditList,
  auditWatch,
  auditExport,
  auditVerify,
  regions,
  help,
]
