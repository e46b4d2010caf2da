import { z } from 'zod'
import { MOST_COMPARED } from '../domain/comparison'
import type { Block } from '../domain/knowledge'
import {
  RunTableQuery,
  RunViewState,
  Tag,
  type Lineage,
  type RunCatalogue,
  type RunTable,
  type RunView,
} from '../domain/runTable'
import { RunId, ViewId } from '../ids'
import { call } from './define'

const Runs = z.array(RunId).min(1).max(20_000)

export const history = {
  /** A column of values for each field; runs that meet the filter. */
  table: call(RunTableQuery).returns<RunTable>(),
  catalogue: call(z.strictObject({})).returns<RunCatalogue>(),
  annotations: call(z.strictObject({ run: RunId })).returns<RunAnnotations>(),
  tag: call(
    z.strictObject({ runs: Runs, add: z.array(Tag).max(50), remove: z.array(Tag).max(50) }),
  ).returns<null>(),
  note: call(z.strictObject({ run: RunId, text: z.string().max(100_000) })).returns<null>(),
  archive: call(z.strictObject({ runs: Runs, isArchived: z.boolean() })).returns<null>(),
  frees: call(z.strictObject({ runs: Runs })).returns<number>(),
  views: call(z.strictObject({})).returns<RunView[]>(),
  saveView: call(
    z.strictObject({
      id: ViewId.nullable(),
      name: z.string().trim().min(1).max(60),
      isDefault: z.boolean(),
      state: RunViewState,
    }),
  ).returns<RunView>(),
  /** Asks where, and writes it there; null where the dialog was dismissed. */
  save: call(
    z.strictObject({
      /** What the dialog begins with. */
      name: z.string().regex(/^[^\\/]{1,120}$/),
      content: z.string().max(200_000_000),
      encoding: z.enum(['utf8', 'base64']),
    }),
  ).returns<string | null>(),
  /** One HTML page of a run, or of several compared, saved likewise. */
  report: call(z.strictObject({ runs: z.array(RunId).min(1).max(MOST_COMPARED) })).returns<string | null>(),
  deleteView: call(z.strictObject({ id: ViewId })).returns<null>(),
}

/** What the user added to a run, and its origins. */
export interface RunAnnotations {
  tags: string[]
  /** Markdown. */
  note: string
  /** The note as text to draw; null where it cannot be read as Markdown (it holds HTML or pictures). */
  noteText: Block[] | null
  archivedAtMs: number | null
  lineage: Lineage
}
