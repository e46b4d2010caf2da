/** How many copies each row gets. */
import type { AugmentRecipe } from '../../shared/domain/augmentation'
import { UserError } from '../../shared/errors'
import { Draw } from './random'

/** Labels with their rows, in the order they first occur. */
export type LabelCounts = ReadonlyMap<string | null, number>

export interface Plan {
  /** Copies of a row of this label; `nth` counts the label's rows from 0. */
  copiesOf(label: string | null, nth: number): number
  total: number
  /** Of that, by label. */
  ofLabel: ReadonlyMap<string | null, number>
  /** Rows that get a copy or more. */
  rows: number
}

/**
 * Where classes are to be balanced, a class's missing rows are shared out over its rows, those that get one more
 * drawn by the seed; a row gets at most `copies`.
 * @throws UserError `bad-config` for labels that no row has
 */
export function planCopies(recipe: AugmentRecipe, counts: LabelCounts): Plan {
  const { balance, classes, copies, seed } = recipe
  const unknown = classes?.find((label) => !counts.has(label))
  if (unknown !== undefined)
    throw new UserError('bad-config', `No training row has the label ${unknown}.`, {
      where: { field: 'classes' },
      hint: `The labels are ${[...counts.keys()].slice(0, 20).join(', ')}.`,
    })
  if (balance !== null && [...counts.keys()].every((label) => label === null))
    throw new UserError('bad-config', 'These rows have no label: there are no classes to balance.', {
      where: { field: 'balance' },
      hint: 'Name the label’s column in columns.label, or leave balance out.',
    })
  const wanted = balance === 'largest' ? Math.max(...counts.values()) : balance
  const shares = new Map<string | null, { each: number; more: ReadonlySet<number> }>()
  const planned = new Map<string | null, number>()
  let copied = 0
  for (const [label, rows] of counts) {
    if (classes && (label === null || !classes.includes(label))) continue
    if (wanted === null) {
      shares.set(label, { each: copies, more: new Set() })
      planned.set(label, copies * rows)
      copied += rows
      continue
    }
    const missing = Math.min(Math.max(0, wanted - rows), copies * rows)
    const each = Math.floor(missing / rows)
    const draw = new Draw({ seed, row: rows, copy: -1, step: -1 })
    const places = Array.from({ length: rows }, (_, i) => i)
    shares.set(label, { each, more: new Set(draw.sample(places, missing - each * rows)) })
    planned.set(label, missing)
    copied += each > 0 ? rows : missing
  }
  return {
    total: [...planned.values()].reduce((sum, count) => sum + count, 0),
    ofLabel: planned,
    rows: copied,
    copiesOf(label, nth) {
      const share = shares.get(label)
      return share ? share.each + (share.more.has(nth) ? 1 : 0) : 0
    },
  }
}
