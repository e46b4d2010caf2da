import { z } from 'zod'
import type { Bundle, VerifyReport } from '../domain/bundle'
import type { JobId } from '../ids'
import { RunId } from '../ids'
import { call } from './define'

export interface ModelFolder {
  path: string
  architecture: string
  /** As `bert, 6 layers × 384, 22.7 M parameters`. */
  summary: string
  labels: string[]
  hasTokenizer: boolean
}

export const models = {
  bundles: call(z.strictObject({})).returns<Bundle[]>(),
  /** Starts a job; `directory` null puts it beside the run. */
  exportBundle: call(
    z.strictObject({ run: RunId, directory: z.string().min(1).nullable() }),
  ).returns<JobId>(),
  verifyBundle: call(z.strictObject({ path: z.string().min(1) })).returns<VerifyReport>(),
  chooseFolder: call(z.strictObject({})).returns<string | null>(),
  /** Reads config.json and the safetensors header of a Hugging Face folder; refuses with the reason. */
  inspect: call(z.strictObject({ path: z.string().min(1) })).returns<ModelFolder>(),
}
