import { z } from 'zod'
import {
  TrainTokenizerOptions,
  type ShownToken,
  type TokenizerStatistics,
  type TokenizerSummary,
  type WordSteps,
} from '../domain/tokenizer'
import type { JobId } from '../ids'
import { DatasetVersionId, TokenizerId } from '../ids'
import { call } from './define'

const Ref = z.strictObject({ tokenizer: TokenizerId })

export const tokenizers = {
  list: call(z.strictObject({})).returns<TokenizerSummary[]>(),
  addFolder: call(z.strictObject({ path: z.string().min(1) })).returns<TokenizerSummary>(),
  chooseFolder: call(z.strictObject({})).returns<string | null>(),
  /** Starts a job; its result names the tokenizer. */
  train: call(
    z.strictObject({
      version: DatasetVersionId,
      column: z.string().min(1),
      name: z.string().trim().min(1).max(100),
      options: TrainTokenizerOptions,
    }),
  ).returns<JobId>(),
  rename: call(Ref.extend({ name: z.string().trim().min(1).max(100) })).returns<null>(),
  delete: call(Ref).returns<null>(),
  tokenize: call(
    Ref.extend({
      lines: z.array(z.string().max(20_000)).max(100),
      addSpecialTokens: z.boolean(),
      stepsOf: z.string().max(500).nullable(),
    }),
  ).returns<{ lines: ShownToken[][]; steps: WordSteps[] }>(),
  statistics: call(
    Ref.extend({
      version: DatasetVersionId,
      column: z.string().min(1),
      maxLength: z.int().min(1).max(1_000_000),
    }),
  ).returns<TokenizerStatistics>(),
}
