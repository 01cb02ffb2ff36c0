import type { ExportPart } from '@freehold/authz/request'
import {
  apiKeyExport,
  auditExport,
  environmentExport,
  grantExport,
  invitationExport,
  limitExport,
  memberExport,
  tokenSettingsExport,
  workspaceExport,
} from '@freehold/hub'
import { credentialExport, fileExport, secretExport, sessionExport, tenantExport, vaultExportParts } from '@freehold/instance'

/** What an export of a workspace holds, in its order. */
export const exportParts: readonly ExportPart[] = [
  workspaceExport,
  limitExport,
  tokenSettingsExport,
  environmentExport,
  memberExport,
  grantExport,
  invitationExport,
  apiKeyExport,
  tenantExport,
  sessionExport,
  secretExport,
  credentialExport,
  fileExport,
  ...vaultExportParts,
  auditExport,
]
