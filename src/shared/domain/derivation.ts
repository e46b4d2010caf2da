/** Recipes that make a dataset version from another. */
import { z } from 'zod'
import { LeakKind } from './leaks'

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

/** Training rows that match a held-out row in one of these ways go. */
const RemoveLeaks = z.strictObject({
  kind: z.literal('remove-leaks'),
  columns: z.array(z.string()).min(1),
  kinds: z.array(LeakKind).min(1),
})

/** Cells changed by hand; `ordinal` counts the source version's rows from 0. */
const EditCells = z.strictObject({
  kind: z.literal('edit-cells'),
  edits: z
    .array(z.strictObject({ ordinal: z.int().min(0), column: z.string(), value: Cell }))
    .min(1)
    .max(100_000),
})

export const Derivation = z.discriminatedUnion('kind', [RemoveLeaks, EditCells])
export type Derivation = z.infer<typeof Derivation>
export type CellEdit = z.infer<typeof EditCells>['edits'][number]

/** A recipe in a few words. */
export function derivationText(recipe: Derivation): string {
  if (recipe.kind === 'edit-cells') return 'cells edited'
  return `without leaks (${recipe.kinds.join(', ')})`
}
