/** The run being set up, kept over a restart of the window. What does not parse is forgotten. */
import { z } from 'zod'
import { PROBLEM_TYPES, TASKS } from '../../../shared/domain/tasks'

const Start = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starter'), name: z.string() }),
  z.object({
    kind: z.literal('random'),
    preset: z.object({ id: z.string(), layers: z.int(), hidden: z.int() }),
  }),
  z.object({ kind: z.literal('folder'), path: z.string() }),
  z.object({ kind: z.literal('hub'), name: z.string() }),
  z.object({
    kind: z.literal('custom'),
    architecture: z.string(),
    config: z.record(z.string(), z.unknown()),
  }),
])

const column = z.string().nullable().default(null)
const Values = z.record(z.string(), z.unknown())

export const Draft = z.object({
  version: z.string().nullable(),
  task: z.enum(TASKS).default('sequence-classification'),
  problemType: z.enum(PROBLEM_TYPES).nullable().default(null),
  columns: z.object({
    text: column,
    text_pair: column,
    label: column,
    tokens: column,
    tags: column,
  }),
  start: Start,
  edits: Values,
  overrides: Values,
  usesRecommended: z.boolean(),
})
export type Draft = z.infer<typeof Draft>

const KEY = 'tunesmith.train'

export function readDraft(storage: Storage): Draft | null {
  try {
    return Draft.parse(JSON.parse(storage.getItem(KEY) ?? 'null'))
  } catch {
    return null
  }
}

export function writeDraft(storage: Storage, draft: Draft): void {
  storage.setItem(KEY, JSON.stringify(draft))
}
