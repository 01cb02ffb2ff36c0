import { productEngine } from '@freehold/authz'
import type { Handlers } from '@freehold/authz/request'
import { type Database, openDatabase, StartupError, startEmbeddedPostgres } from '@freehold/db'
import { createEgress, createMailer } from '@freehold/drivers'
import {
  accountHandlers,
  accountMemberHandlers,
  apiKeyHandlers,
  auditHandlers,
  createRootKeys,
  createSealer,
  createUseRecorder,
  createWorkspaceKeys,
  createWorkspaceTokens,
  environmentHandlers,
  eventsHandlers,
  explainHandlers,
  exportHandlers,
  findWorkspaceStanding,
  groupHandlers,
  identityHandlers,
  invitationHandlers,
  orgWorkspaceHandlers,
  provisioningHandlers,
  raiseGates,
  readAuditEvent,
  readLimit,
  refuseOverLimit,
  requireEnvironment,
  sagas,
  sharingHandlers,
  signInHandlers,
  workspaceHandlers,
} from '@freehold/hub'
import {
  credentialHandlers,
  fileHandlers,
  type InstanceDeps,
  localDataPlane,
  localTenants,
  secretHandlers,
  sessionHandlers,
  tenantHandlers,
  vaultHandlers,
} from '@freehold/instance'
import { systemClock } from '@freehold/kit'
import { installJobs, readRun, startWorker } from '@freehold/workflow'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { startBackgroundWork } from './background-work.ts'
import { prepareDataDirectory } from './data-directory.ts'
import { exportParts } from './export-parts.ts'
import { fillDemo } from './demo/fill-demo.ts'
import { createRefusingDataPlane } from './demo/refusing-data-plane.ts'
import { firstRun, type FirstRun } from './first-run.ts'
import { buildApp } from './http/build-app.ts'
import { createClose } from './http/close-app.ts'
import { registerHealth } from './http/health.ts'
import { createRootKeySources } from './root-key.ts'
import { createSigningKey } from './signing-key.ts'
import { createMetrics } from './metrics.ts'
import { openObjects } from './objects.ts'
import { startPermissions } from './permissions.ts'
import { createRouteAuthorizer } from './request/authorize-route.ts'
import { createTupleReader } from './request/tuple-reader.ts'
import { createDecisions } from './request/decisions.ts'
import { createPrincipals } from './request/principals.ts'
import { readiness } from './readiness.ts'
import { createCleanup } from './stop-in-order.ts'

export type RunningServer = { url: string; database: Database; firstRun: FirstRun; stop(): Promise<void> }
export type StartOptions = { logger: Logger; onProgress(line: string): void; onFatal(why: string): void }

/** Starts everything, or throws StartupError and leaves nothing running. */
export async function startServer(config: Config, options: StartOptions): Promise<RunningServer> {
  const cleanup = createCleanup(options.logger)
  try {
    return await start(config, options, cleanup)
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

async function start(
  config: Config,
  { logger, onProgress, onFatal }: StartOptions,
  cleanup: ReturnType<typeof createCleanup>,
): Promise<RunningServer> {
  const clock = systemClock
  prepareDataDirectory(config.dataDir)
  let url = config.databaseUrl
  if (url === null) {
    const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, onProgress })
    cleanup.add(() => postgres.stop())
    postgres.onExit(onFatal)
    url = postgres.url
  }
  const database = await openDatabase({ url, appUrl: config.appDatabaseUrl ?? undefined, further: installJobs })
  cleanup.add(() => database.close())
  const { reads, writes, notifications } = database

  const signing = createSigningKey(config)
  const sources = createRootKeySources(config, signing.seed)
  cleanup.add(async () => sources.close())
  const roots = createRootKeys({ reads, writes, sources, clock, logger })
  cleanup.add(() => roots.stop())
  await roots.start()
  const signingKey = signing.key(roots)
  const sealer = createSealer({ writes, reads, notifications, signingKey, clock, logger })
  const demo = config.demo ? createRefusingDataPlane(localDataPlane) : null
  const dataPlane = demo?.dataPlane ?? localDataPlane
  const worker = await startWorker({ url: database.appUrl, writes, sagas, deps: { dataPlane }, logger, clock })
  cleanup.add(() => worker.stop())
  sealer.start()
  cleanup.add(() => sealer.stop())
  const uses = createUseRecorder({ writes, clock, logger })
  cleanup.add(() => uses.close())

  const keys = createWorkspaceKeys(roots)
  let address = ''
  const origin = () => (config.publicUrl ?? address).replace(/\/+$/, '')
  const egress = createEgress({ allow: config.egressAllow })
  cleanup.add(() => egress.close())
  const mailer = config.mail && createMailer(config.mail)
  cleanup.add(async () => mailer?.close())
  const workspaceTokens = createWorkspaceTokens({
    roots,
    keys,
    tenants: localTenants,
    fetch: egress.fetch,
    issuer: origin,
    writes,
    reads,
    clock,
  })

  const { engine, delivery, ready: permissionsReady } = await startPermissions(config, { database, clock, logger, cleanup })
  const decisions = createDecisions(reads, clock, engine)
  const secureCookies = config.publicUrl?.startsWith('https:') ?? false
  const identity = { version: config.version, secureCookies, roots, writes, reads, clock }
  const objects = await openObjects(config)
  cleanup.add(async () => objects.close())
  const instance: InstanceDeps = {
    keys,
    limits: { refuseOver: refuseOverLimit, read: readLimit },
    environments: { require: requireEnvironment },
    objects,
  }
  const files = { objects, writes, places: { find: findWorkspaceStanding }, clock }
  startBackgroundWork({ ...files, reads, logger, cleanup })
  const handlers: Handlers = {
    ...identityHandlers(identity),
    ...signInHandlers({ ...identity, oidc: config.oidc, origin }),
    ...accountHandlers,
    ...accountMemberHandlers,
    ...groupHandlers,
    ...workspaceHandlers({ regions: [config.region] }),
    ...environmentHandlers,
    ...sharingHandlers,
    ...explainHandlers({
      check: (subject, permission, resource) => productEngine().check(createTupleReader(reads), subject, permission, resource, clock.now()),
    }),
    ...invitationHandlers({ ...identity, mailer, origin }),
    ...apiKeyHandlers,
    ...orgWorkspaceHandlers({ regions: [config.region], tokens: workspaceTokens }),
    ...tenantHandlers({ raiseGates }),
    ...sessionHandlers,
    ...secretHandlers(instance),
    ...credentialHandlers({ ...instance, egress }),
    ...fileHandlers({ ...instance, ...files, urlKey: () => roots.newest().derive('file urls'), origin, maxFileBytes: config.maxFileBytes }),
    ...vaultHandlers(instance),
    ...provisioningHandlers({ notifications }),
    ...auditHandlers({ notifications, signingKey }),
    ...eventsHandlers({ notifications, readRun, readAuditEvent }),
    ...exportHandlers(exportParts),
  }
  const metrics = createMetrics({ stalledRuns: () => worker.stalledRuns() })
  const stopping = new AbortController()
  const app = await buildApp({
    answering: {
      database,
      clock,
      principals: createPrincipals(reads, clock, workspaceTokens),
      decisions,
      delivery,
      authorizeRoute: createRouteAuthorizer(reads, decisions),
      handlers,
      recordUse: (principal, ip, workspaceId) => uses.record(principal, ip, workspaceId),
    },
    logger,
    publicUrl: config.publicUrl,
    version: config.version,
    maxFileBytes: config.maxFileBytes,
    stopping: stopping.signal,
    register(server) {
      metrics.observe(server)
      registerHealth(server, { metrics: metrics.registry, ready: () => readiness(database, { objects, roots, permissionsReady }) })
    },
  })
  const close = createClose(app)
  cleanup.add(async () => {
    stopping.abort()
    await close()
  })

  const first = await firstRun({ config, database, clock })
  address = await app.listen({ port: config.port, host: config.host }).catch((error: NodeJS.ErrnoException) => {
    throw listenFault(error, config)
  })
  if (demo) await fillDemo({ url: address, tokenFile: first.tokenFile, refuseNext: demo.refuseNext, onProgress })
  return { url: config.publicUrl ?? address, database, firstRun: first, stop: () => cleanup.run() }
}

function listenFault(error: NodeJS.ErrnoException, { port, host }: Config): unknown {
  if (error.code === 'EADDRINUSE')
    return new StartupError(`Port ${port} is taken. Stop what uses it, or choose another with --port.`, { cause: error })
  if (error.code === 'EACCES')
    return new StartupError(`This user may not listen on port ${port}. Choose one above 1023 with --port.`, { cause: error })
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartupError(`This machine has no address ${host}. Choose another with --host.`, { cause: error })
  return error
}
