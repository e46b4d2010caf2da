/** The table of runs: its columns, groups, and the filter's text. */
import { describe, expect, it } from 'vitest'
import type { RunCatalogue, RunTable } from '../../../src/shared/domain/runTable'
import { completions } from '../../../src/shared/filter/complete'
import type { RunId } from '../../../src/shared/ids'
import { automaticColumns, moveColumn, runColumn } from '../../../src/renderer/src/panes/runs/columns'
import { accept, pieces } from '../../../src/renderer/src/panes/runs/filterText'
import { groupCell, groupName, spread, tableRows } from '../../../src/renderer/src/panes/runs/grouping'

const catalogue: RunCatalogue = {
  params: { learning_rate: ['0.001', '0.0001'], seed: ['42', '43'], run_name: ['a', 'b'] },
  varied: ['learning_rate', 'run_name', 'seed'],
  metrics: ['loss', 'eval_loss', 'eval_accuracy'],
  tags: ['baseline'],
  datasets: ['fields'],
  models: ['bert'],
}

const table: RunTable = {
  runs: ['a', 'b', 'c', 'd'] as RunId[],
  total: 4,
  columns: {
    name: ['enc, seed 42', 'enc, seed 43', 'wide', 'enc, seed 44'],
    config: ['x', 'x', 'y', 'x'],
    'metrics.eval_accuracy.best': [0.8, 0.9, 0.95, null],
    'params.learning_rate': [1e-3, 1e-3, 1e-4, 1e-3],
    'params.seed': [42, 43, 42, 44],
  },
}
const best = { column: 'metrics.eval_accuracy.best', descending: true }

const column = (field: string) => runColumn({ field }, catalogue, table.columns[field] ?? [], 'single-label')!

describe('columns', () => {
  it('shows at first what varies, leaves out names told elsewhere, and keeps the name in sight', () => {
    const chosen = automaticColumns(['single-label'], catalogue)
    expect(chosen.slice(0, 4)).toEqual([
      { field: 'status', isPinned: true },
      { field: 'name', isPinned: true },
      { field: 'tags' },
      { field: 'metrics.eval_accuracy.best' },
    ])
    expect(chosen.map(({ field }) => field)).toContain('params.learning_rate')
    expect(chosen.map(({ field }) => field)).not.toContain('params.run_name')
  })

  it('writes a figure as the figure, a setting as Hugging Face does, and an unknown field not at all', () => {
    expect(column('metrics.eval_accuracy.best').text(0.8136)).toBe('0.814')
    expect(column('metrics.eval_accuracy.min').label).toBe('accuracy, min')
    expect(column('params.learning_rate').text(1e-3)).toBe('1e-3')
    expect(column('duration').text(null)).toBe('–')
    expect(runColumn({ field: 'params.none_such' }, catalogue, [], null)).toBeNull()
  })

  it('moves a column before another or to the end', () => {
    const abc = ['a', 'b', 'c'].map((field) => ({ field }))
    const order = (field: string, before: string | null) =>
      moveColumn(abc, field, before)
        .map((c) => c.field)
        .join('')
    expect(order('c', 'a')).toBe('cab')
    expect(order('a', null)).toBe('bca')
    expect(order('b', 'b')).toBe('abc')
  })
})

describe('groups', () => {
  it('stand in the order of their means; a run alone stands for itself; open ones show their runs', () => {
    const closed = tableRows(table, best, 'config', new Set())
    expect(closed.map((row) => (row.kind === 'run' ? row.place : row.members))).toEqual([2, [1, 0, 3]])
    const opened = tableRows(table, best, 'config', new Set(['"x"']))
    expect(opened.slice(1).map((row) => (row.kind === 'run' ? row.place : row.key))).toEqual(['"x"', 1, 0, 3])
  })

  it('say mean and sample deviation of what is measured, the value all share, else how many there are', () => {
    const cell = (field: string) => groupCell(table, column(field), [0, 1, 3])
    const accuracy = cell('metrics.eval_accuracy.best')
    expect(accuracy).toMatchObject({ n: 2 })
    expect((accuracy as { mean: number }).mean).toBeCloseTo(0.85, 12)
    expect((accuracy as { sd: number }).sd).toBeCloseTo(Math.SQRT1_2 / 10, 12)
    expect(cell('params.learning_rate')).toEqual({ shared: 1e-3 })
    expect(cell('params.seed')).toEqual({ different: 3 })
  })

  it('give one value no deviation, and none nothing', () => {
    expect(spread([2, null])).toEqual({ mean: 2, sd: null, n: 1 })
    expect(spread([null])).toBeNull()
  })

  it('are called by what their runs have in common', () => {
    expect(groupName(['enc-2x128, seed 42'])).toBe('enc-2x128')
    expect(groupName(['seed 42'])).toBe('seed 42')
    expect(groupName(['wide_seed=7'])).toBe('wide')
  })
})

describe("the filter's text", () => {
  it('is cut without losing a character, with the mistake marked', () => {
    const text = 'acuracy  > 0.9 and name like "a%"'
    const cut = pieces(text, { from: 0, to: 7 })
    expect(cut.map((piece) => piece.text).join('')).toBe(text)
    expect(cut.filter((piece) => piece.isWrong).map((piece) => piece.text)).toEqual(['acuracy'])
    const kindOf = (wanted: string) => cut.find((piece) => piece.text === wanted)?.kind
    expect([kindOf('>'), kindOf('0.9'), kindOf('and'), kindOf('"a%"')]).toEqual([
      'word',
      'number',
      'word',
      'text',
    ])
  })

  it('marks a quote that is not closed to the end, and a place after the end without failing', () => {
    expect(pieces('name = "a', { from: 7, to: 9 }).at(-1)).toMatchObject({ text: '"a', isWrong: true })
    expect(
      pieces('a =', { from: 3, to: 4 })
        .map((piece) => piece.text)
        .join(''),
    ).toBe('a =')
  })

  it('takes an offer in the middle of a text and goes on after it', () => {
    const text = 'tags = base and accuracy > 0.9'
    const offered = completions(text, 11, catalogue)
    const taken = accept(text, offered, offered.options[0]!)
    expect(taken).toEqual({ text: 'tags = baseline and accuracy > 0.9', caret: 16 })
  })
})
