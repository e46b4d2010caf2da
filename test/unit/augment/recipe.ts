/** Runs recipes on rows made here. */
import { Augmentation } from '../../../src/main/augment/augment'
import { parseRecipe } from '../../../src/main/augment/compile'
import type { TrainingRow } from '../../../src/main/augment/corpus'
import type { Copy } from '../../../src/main/augment/make'
import type { Models } from '../../../src/main/augment/models'
import { textOf } from '../../../src/main/augment/text/token'
import { fakeModels } from './fakeModels'

export function textRows(texts: readonly string[], label: string | null = 'a'): TrainingRow[] {
  return texts.map((text, i) => ({ row: i + 2, label, text, pair: null, tagged: null }))
}

export function taggedRow(row: number, pairs: string): TrainingRow {
  const parts = pairs.split(' ').map((pair) => pair.split('/'))
  const tokens = parts.map(([token]) => token!)
  return {
    row,
    label: null,
    text: tokens.join(' '),
    pair: null,
    tagged: { tokens, tags: parts.map(([, tag]) => tag ?? 'O') },
  }
}

export async function copiesOf(
  recipe: Record<string, unknown>,
  rows: readonly TrainingRow[],
  evaluation: readonly string[] = [],
  models: Models = fakeModels(),
): Promise<Copy[]> {
  const source = { train: () => rows, evaluation: () => evaluation.map((text) => [text]) }
  const augmentation = await Augmentation.prepare(parseRecipe(recipe), source, models)
  const copies: Copy[] = []
  for await (const copy of augmentation.sample({ rows: Infinity, each: Infinity, turn: 0 })) copies.push(copy)
  return copies
}

export const afterOf = (copy: Copy) => textOf(copy.after[0]!)
