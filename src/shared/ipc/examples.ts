import { z } from 'zod'
import { MOST_COMPARED, type Judgement } from '../domain/comparison'
import {
  ExampleQuery,
  type ExampleSlice,
  type ExamplesPage,
  type ExamplesReport,
  type KeptEvaluation,
} from '../domain/examples'
import { RunId } from '../ids'
import { call } from './define'

/** An evaluation of a run; `null`: its best. */
const At = z.strictObject({ run: RunId, step: z.int().min(0).nullable() })

export const examples = {
  /** Evaluations whose answers are kept, by step. */
  kept: call(z.strictObject({ run: RunId })).returns<KeptEvaluation[]>(),
  page: call(At.extend({ query: ExampleQuery })).returns<ExamplesPage>(),
  report: call(At).returns<ExamplesReport>(),
  /** Rows grouped by a column of the dataset, or (`null`) by their length. */
  slices: call(At.extend({ column: z.string().max(1000).nullable() })).returns<ExampleSlice[]>(),
  /** Is each run better than the first? */
  judge: call(
    z.strictObject({
      runs: z.array(RunId).min(2).max(MOST_COMPARED),
      names: z.array(z.string().max(300)).min(2).max(MOST_COMPARED),
    }),
  ).returns<Judgement[]>(),
}
