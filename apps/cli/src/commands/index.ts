import type { Command } from '../framework/command.ts'
import { accountCreate } from './account-create.ts'
import { accountList } from './account-list.ts'
import { accountMemberAdd, accountMemberList, accountMemberRemove, accountMemberUpdate, accountUpdate } from './account-members.ts'
import { apiKeyCreate } from './api-key-create.ts'
import { apiKeyList } from './api-key-list.ts'
import { apiKeyRevoke } from './api-key-revoke.ts'
import { apiKeyRotate } from './api-key-rotate.ts'
import { auditExport } from './audit-export.ts'
import { auditList } from './audit-list.ts'
import { auditVerify } from './audit-verify.ts'
import { auditWatch } from './audit-watch.ts'
import { authzSync } from './authz-sync.ts'
import { keysRotateRoot, keysRotateWorkspace, keysStatus } from './keys.ts'
import {
  credentialCheck,
  credentialCreate,
  credentialDefault,
  credentialDelete,
  credentialGet,
  credentialList,
  credentialTypes,
  credentialUpdate,
} from './credentials.ts'
import { environmentList } from './environment-list.ts'
import { fileDelete, fileDownload, fileGet, fileList, fileRename, fileRestore, fileUpload, fileUrl, fileVersions } from './files.ts'
import { grantCreate, grantList, grantRevoke, grantUpdate } from './grants.ts'
import { groupAdd, groupCreate, groupDelete, groupList, groupMembers, groupRemove, groupUpdate } from './groups.ts'
import { help } from './help.ts'
import { invitationAccept, invitationCreate, invitationList, invitationResend, invitationRevoke } from './invitations.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { explain, memberList, workspaceTransfer } from './members.ts'
import { regions } from './regions.ts'
import { run } from './run.ts'
import { runCancel } from './run-cancel.ts'
import { runGet } from './run-get.ts'
import { runRetry } from './run-retry.ts'
import { runWatch } from './run-watch.ts'
import { secretDelete, secretGet, secretImport, secretList, secretResolve, secretRollback, secretSet, secretVersions } from './secrets.ts'
import { tenantDelete, tenantDisable, tenantEnable, tenantList } from './tenants.ts'
import { signingKeyAdd, signingKeyList, signingKeyRemove, tokenCreate, tokenRotateSecret } from './tokens.ts'
import {
  vaultCollections,
  vaultCount,
  vaultCreate,
  vaultDelete,
  vaultDrop,
  vaultGet,
  vaultInsert,
  vaultPut,
  vaultQuery,
  vaultReveal,
  vaultSchema,
  vaultUpdate,
} from './vault.ts'
import { whoami } from './whoami.ts'
import { workspaceArchive, workspaceRestore } from './workspace-archive.ts'
import { workspaceCreate } from './workspace-create.ts'
import { workspaceExport } from './workspace-export.ts'
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
  accountUpdate,
  accountMemberList,
  accountMemberAdd,
  accountMemberUpdate,
  accountMemberRemove,
  groupList,
  groupCreate,
  groupUpdate,
  groupDelete,
  groupMembers,
  groupAdd,
  groupRemove,
  workspaceList,
  workspaceCreate,
  workspaceGet,
  workspaceUpdate,
  workspaceWatch,
  workspaceFreeze,
  workspaceUnfreeze,
  workspaceArchive,
  workspaceRestore,
  workspaceExport,
  workspaceTransfer,
  environmentList,
  runGet,
  runWatch,
  runRetry,
  runCancel,
  apiKeyList,
  apiKeyCreate,
  apiKeyRevoke,
  apiKeyRotate,
  memberList,
  explain,
  grantList,
  grantCreate,
  grantUpdate,
  grantRevoke,
  invitationList,
  invitationCreate,
  invitationResend,
  invitationRevoke,
  invitationAccept,
  tokenCreate,
  tokenRotateSecret,
  signingKeyList,
  signingKeyAdd,
  signingKeyRemove,
  secretList,
  secretGet,
  secretSet,
  secretDelete,
  secretVersions,
  secretRollback,
  secretImport,
  secretResolve,
  run,
  tenantList,
  tenantDisable,
  tenantEnable,
  tenantDelete,
  credentialTypes,
  credentialList,
  credentialGet,
  credentialCreate,
  credentialUpdate,
  credentialDefault,
  credentialDelete,
  credentialCheck,
  fileList,
  fileGet,
  fileUpload,
  fileDownload,
  fileRename,
  fileDelete,
  fileVersions,
  fileRestore,
  fileUrl,
  vaultCollections,
  vaultCreate,
  vaultSchema,
  vaultUpdate,
  vaultDrop,
  vaultInsert,
  vaultGet,
  vaultPut,
  vaultDelete,
  vaultQuery,
  vaultCount,
  vaultReveal,
  auditList,
  auditWatch,
  auditExport,
  auditVerify,
  authzSync,
  keysStatus,
  keysRotateRoot,
  keysRotateWorkspace,
  regions,
  help,
]
