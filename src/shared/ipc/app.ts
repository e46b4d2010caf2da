import { z } from 'zod'
import type { Job } from '../domain/job'
import type { MachineReport, ProviderStatus } from '../domain/machine'
import type { NetworkAttempt } from '../domain/network'
import { JobId } from '../ids'
import { call, event } from './define'

export const Settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  onCloseWhileTraining: z.enum(['ask', 'keep', 'stop']),
  /** Address of another Hub than Hugging Face's; HF_ENDPOINT goes before it. */
  hubEndpoint: z.union([z.null(), z.url({ protocol: /^https?$/ })]),
})
export type Settings = z.infer<typeof Settings>

export const app = {
  machine: call(z.strictObject({})).returns<MachineReport>(),
  /** Runs the one-step self-check of a provider; takes seconds. */
  checkProvider: call(
    z.strictObject({ name: z.enum(['cpu', 'webgpu', 'dml', 'cuda', 'coreml']) }),
  ).returns<ProviderStatus>(),
  settings: call(z.strictObject({})).returns<Settings>(),
  saveSettings: call(Settings.partial()).returns<Settings>(),
  /** What was asked of the network, the newest first. */
  networkAttempts: call(z.strictObject({ limit: z.int().min(1).max(10_000) })).returns<NetworkAttempt[]>(),
  jobs: call(z.strictObject({})).returns<Job[]>(),
  cancelJob: call(z.strictObject({ job: JobId })).returns<null>(),
  dismissJob: call(z.strictObject({ job: JobId })).returns<null>(),
  /** Shows a run's, dataset's or bundle's folder in the system's file manager. Only paths the store knows. */
  reveal: call(z.strictObject({ path: z.string().min(1) })).returns<null>(),
  onJob: event<Job>(),
  onSettings: event<Settings>(),
  /** The menu or another window asks for a place: a pane's path such as /runs/abc. */
  onNavigate: event<{ path: string }>(),
}
