/** What this machine can do. Self-checks and rates are measured in a worker and kept until the runtime changes. */
import { createRequire } from 'node:module'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { z } from 'zod'
import type { MachineReport, ProviderStatus } from '../../shared/domain/machine'
import { PROVIDERS, type ProviderName } from '../../shared/domain/trainingArguments'
import { readSetting, writeSetting } from '../store/queries/settings'
import { sqliteVersion } from '../store/open'
import type { ServiceContext } from './context'
import { freeBytes } from './diskSpace'
import { resultOf } from './supervisor'

export interface MachineService {
  report(): MachineReport
  checkProvider(name: ProviderName): Promise<ProviderStatus>
  /** Rate of a bare MatMul on the cpu provider, in 10⁹ operations a second. */
  measureMatmul(): Promise<number>
}

/** Providers that the runtime brings for each platform. */
const OFFERED: Record<string, readonly ProviderName[]> = {
  linux: ['cpu', 'webgpu', 'cuda'],
  win32: ['cpu', 'webgpu', 'dml', 'cuda'],
  darwin: ['cpu', 'webgpu', 'coreml'],
}

const KnownStatus = z.object({ status: z.custom<ProviderStatus>(), onnxruntime: z.string() })

export function machineService(ctx: ServiceContext): MachineService {
  const onnxruntime = runtimeVersion()

  function known(name: ProviderName): ProviderStatus {
    const stored = KnownStatus.safeParse(readSetting(ctx.db, `provider.${name}`))
    if (stored.success && stored.data.onnxruntime === onnxruntime) return stored.data.status
    const isOffered = (OFFERED[process.platform] ?? ['cpu']).includes(name)
    if (!isOffered)
      return {
        name,
        available: false,
        checked: null,
        reason: `Not part of the runtime on ${process.platform}.`,
      }
    if (name === 'cpu') return { name, available: true, checked: null, reason: 'Always there.' }
    return { name, available: true, checked: null, reason: 'Not checked on this machine yet.' }
  }

  return {
    report: () => ({
      versions: {
        app: ctx.versions.app,
        node: process.versions.node,
        electron: ctx.versions.electron,
        onnxruntime,
        sqlite: sqliteVersion(ctx.db),
      },
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      freeDiskBytes: freeBytes(ctx.home.root),
      home: ctx.home.root,
      providers: PROVIDERS.map(known),
      matmulGflops: z
        .number()
        .nullable()
        .catch(null)
        .parse(readSetting(ctx.db, 'matmul_gflops') ?? null),
    }),
    async checkProvider(name) {
      const status = resultOf(await ctx.workers.run({ kind: 'check-provider', name }).finished)
      writeSetting(ctx.db, `provider.${name}`, { status, onnxruntime })
      return status
    },
    async measureMatmul() {
      const { gflops } = resultOf(await ctx.workers.run({ kind: 'gemm-rate', numThreads: null }).finished)
      writeSetting(ctx.db, 'matmul_gflops', gflops)
      return gflops
    },
  }
}

function runtimeVersion(): string {
  try {
    const manifest = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
    return manifest.version
  } catch {
    return 'missing'
  }
}
