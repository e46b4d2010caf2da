/** The recipe as it is being typed: shaped like the file, its values as they stand in the fields. */
import type { AugmentRecipe } from '../../../shared/domain/augmentation'

export interface StepDraft {
  /** Keeps a step's row while others move. */
  key: number
  augmenter: string
  parameters: Record<string, unknown>
  chance: unknown
  enabled: boolean
}

export interface RecipeDraft {
  name: string
  seed: unknown
  copies: unknown
  balance: unknown
  /** Null: all. */
  classes: string[] | null
  steps: StepDraft[]
  gates: Record<string, unknown>
  /** One a line. */
  words: string
  patterns: string
  columns: AugmentRecipe['columns']
}

export const NEW_RECIPE: Readonly<RecipeDraft> = {
  name: 'recipe',
  seed: 42,
  copies: 1,
  balance: null,
  classes: null,
  steps: [],
  gates: {},
  words: '',
  patterns: '',
  columns: {},
}

let nextKey = 1

export function newStep(augmenter: string, parameters: Record<string, unknown> = {}): StepDraft {
  return { key: nextKey++, augmenter, parameters, chance: 1, enabled: true }
}

/** What main checks and works with, and what the file holds. */
export function recipeOf(draft: RecipeDraft): Record<string, unknown> {
  const { words, patterns, steps, ...rest } = draft
  return {
    ...rest,
    steps: steps.map(({ augmenter, parameters, chance, enabled }) => ({
      augmenter,
      parameters,
      chance,
      enabled,
    })),
    protect: { words: linesOf(words), patterns: linesOf(patterns) },
  }
}

export function draftOf({ protect, steps, ...rest }: AugmentRecipe): RecipeDraft {
  return {
    ...rest,
    steps: steps.map((step) => ({ ...step, key: nextKey++ })),
    words: protect.words.join('\n'),
    patterns: protect.patterns.join('\n'),
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim() || [])
}

/** Ready-made recipes to begin with. */
export const BEGINNINGS: readonly { label: string; says: string; draft: () => Partial<RecipeDraft> }[] = [
  {
    label: 'EDA, four copies',
    says: 'one of four simple word operations for each copy',
    draft: () => ({ name: 'eda-4', copies: 4, steps: [newStep('eda')] }),
  },
  {
    label: 'Balance the classes',
    says: 'synonyms and deletion until every class has as many rows as the largest',
    draft: () => ({
      name: 'balance',
      copies: 8,
      balance: 'largest',
      steps: [newStep('synonym_replacement'), newStep('random_deletion')],
    }),
  },
  {
    label: 'Typing errors',
    says: 'neighbouring keys and swapped letters, as people type',
    draft: () => ({
      name: 'typing-errors',
      copies: 2,
      steps: [newStep('keyboard', { p: 0.1 }), newStep('characters', { p: 0.05 })],
    }),
  },
]

const KEY = 'tunesmith.augment'

/** What was being written when the window was closed. `check` refuses what is no recipe. */
export function readRecipe(storage: Storage): Record<string, unknown> | null {
  try {
    const value = JSON.parse(storage.getItem(KEY) ?? 'null') as unknown
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}

export function writeRecipe(storage: Storage, recipe: Record<string, unknown>): void {
  storage.setItem(KEY, JSON.stringify(recipe))
}
