/** The table of runs: filters as SQL against the same question asked in TypeScript, figures kept while recording, migration. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/shared/domain/run'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import { fieldKey, resolveField, type Field } from '../../../src/shared/filter/fields'
import { parseFilter } from '../../../src/shared/filter/parse'
import { quote } from '../../../src/shared/filter/tokens'
import type { Filter } from '../../../src/shared/filter/tree'
import type { DatasetVersionId, RunId } from '../../../src/shared/ids'
import { allRows, change, inTransaction, oneRow, type WritableDB } from '../../../src/main/store/handles'
import { migrate } from '../../../src/main/store/migrate'
import { migrations } from '../../../src/main/store/migrations/index'
import { openStore } from '../../../src/main/store/open'
import { addTag, setArchived, setNote } from '../../../src/main/store/queries/annotations'
import { recordEvents } from '../../../src/main/store/queries/recordEvents'
import { insertRun } from '../../../src/main/store/queries/runs'
import { figureNames, paramValues, readRunTable } from '../../../src/main/store/queries/runTable'
import { addDataset, addRunning, config } from './fixtures'
import { temporaryFolder } from './temporary'

const NOW_MS = new Date(2026, 10, 21, 12).getTime()
const DAY_MS = 24 * 3600 * 1000

let db: WritableDB
beforeEach(() => {
  db = openStore(join(temporaryFolder(), 'tunesmith.db'))
  return () => db.close()
})

const known = () => ({
  ...paramValues(db, 20),
  metrics: figureNames(db),
  tags: ['a', 'b'],
  datasets: [],
  models: [],
})
const names = (filter: string, columns: readonly string[] = []) => {
  const parsed = parseFilter(filter, { known: known(), nowMs: NOW_MS })
  const fields = columns.map((column) => resolveField(column, known())!)
  return readRunTable(db, parsed, [resolveField('name', known())!, ...fields], NOW_MS)
}

interface Made {
  name: string
  rate: number
  optim: string
  tags: string[]
  note: string | null
  daysAgo: number
  accuracy: number | null
}

function make(runs: readonly Made[]): void {
  addDataset(db)
  inTransaction(db, () => runs.forEach(makeOne))
}

function makeOne(run: Made, i: number): void {
  const id = `r${i}` as RunId
  insertRun(db, {
    id,
    name: run.name,
    datasetName: 'letters',
    datasetVersionId: 'v1' as DatasetVersionId,
    modelName: 'bert',
    modelDir: null,
    runDir: `runs/${id}`,
    device: 'cpu',
    config: parseRunConfig({ ...config, learning_rate: run.rate, optim: run.optim }),
    environment: {},
    atMs: NOW_MS - run.daysAgo * DAY_MS,
  })
  for (const tag of run.tags) addTag(db, id, tag)
  setNote(db, id, run.note)
  if (run.accuracy === null) return
  const metrics = { accuracy: run.accuracy, loss: 1 - run.accuracy }
  recordEvents(db, id, [{ event: { event: 'evaluate', step: 1, epoch: 1, metrics }, atMs: NOW_MS }])
}

/** The same question, asked of the run itself. */
function holds(filter: Filter, run: Made): boolean {
  const of = (field: Field): (string | number)[] => {
    const values: Record<string, (string | number | null)[]> = {
      name: [run.name],
      'params.learning_rate': [run.rate],
      'params.optim': [run.optim],
      tags: run.tags,
      note: [run.note],
      created: [NOW_MS - run.daysAgo * DAY_MS],
      'metrics.eval_accuracy.best': [run.accuracy],
    }
    return values[fieldKey(field)]!.filter(
      (value): value is string | number => value !== null && value !== '',
    )
  }
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => holds(part, run))
    case 'or':
      return filter.parts.some((part) => holds(part, run))
    case 'not':
      return !holds(filter.part, run)
    case 'text': {
      const said = [run.name, 'letters', 'bert', 'queued', 'single-label', run.note ?? '', ...run.tags]
      const numbers = [String(Number(run.name.slice(1)) + 1)]
      return [...said, ...numbers].some((text) => text.toLowerCase().includes(filter.text.toLowerCase()))
    }
    case 'has':
      return of(filter.field).length > 0
    case 'like': {
      const escaped = filter.pattern
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replace(/%/g, '[^]*')
        .replace(/_/g, '[^]')
      return of(filter.field).some((value) => new RegExp(`^${escaped}$`, 'i').test(String(value)))
    }
    case 'in':
      return filter.values.some((value) =>
        holds({ kind: 'compare', field: filter.field, operator: '=', value }, run),
      )
    case 'compare': {
      if (filter.operator === '!=') return !holds({ ...filter, operator: '=' }, run)
      const { value, operator } = filter
      const [from, to] = typeof value === 'object' ? [value.fromMs, value.toMs - 1] : [value, value]
      return of(filter.field).some((own) => {
        if (typeof own !== typeof from) return false
        if (operator === '=') return own >= from && own <= to
        if (operator === '<') return own < from
        if (operator === '<=') return own <= to
        return operator === '>' ? own > to : own >= from
      })
    }
  }
}

const made = fc.record({
  rate: fc.constantFrom(1e-3, 1e-4, 5e-5),
  optim: fc.constantFrom('adamw_torch', 'sgd'),
  tags: fc.subarray(['a', 'b', 'odd tag']),
  note: fc.constantFrom(null, 'a good one', 'it\'s 100% "odd" \\ _', ''),
  daysAgo: fc.constantFrom(0, 1, 3, 30),
  accuracy: fc.constantFrom(null, 0.5, 0.9),
})

const comparison = fc
  .oneof(
    fc.tuple(
      fc.constantFrom('accuracy', 'learning_rate'),
      fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      fc.constantFrom('0.5', '0.9', '1e-4', '5e-5'),
    ),
    fc.tuple(
      fc.constant('created'),
      fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      fc.constantFrom('today', 'yesterday', '-3d', '2026-11-18'),
    ),
    fc.tuple(
      fc.constantFrom('note', 'optim', 'tags'),
      fc.constantFrom('=', '!=', 'like', 'not like'),
      fc.constantFrom('a', 'sgd', '%a%', '%100\\%%', '_gd', 'it\'s 100% "odd" \\ _').map(quote),
    ),
  )
  .map((parts) => parts.join(' '))

const condition = fc.oneof(
  comparison,
  fc.constantFrom(
    'has(tags)',
    'has(accuracy)',
    'note is null',
    'accuracy is not null',
    'tags in (a, "odd tag")',
  ),
  fc.constantFrom('learning_rate not in (1e-3, 1e-4)', 'good', '"100%"', '"_"', 'r1', 'LETTERS', '"odd tag"'),
)

const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    condition,
    fc
      .tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree'))
      .map(([a, join, b]) => `(${a} ${join} ${b})`),
    tie('tree').map((part) => `not ${part}`),
  ),
}))

describe('a filter in SQL', () => {
  it('finds what the same question finds in TypeScript, NOT and missing values among it', () => {
    const runs = fc.sample(made, { seed: 7, numRuns: 40 }).map((run, i) => ({ ...run, name: `r${i}` }))
    make(runs)
    const names = known()
    fc.assert(
      fc.property(tree, (text) => {
        const filter = parseFilter(text, { known: names, nowMs: NOW_MS })!
        const found = readRunTable(db, filter, [], NOW_MS).runs
        const expected = runs.filter((run) => holds(filter, run)).map((run) => run.name)
        expect([...found].sort(), text).toEqual([...expected].sort())
      }),
      { numRuns: 400, seed: 11 },
    )
  })

  it('takes any text as a value, and changes nothing by it', () => {
    make([
      {
        name: 'x',
        rate: 1e-3,
        optim: 'sgd',
        tags: ["'); DROP TABLE runs; --"],
        note: null,
        daysAgo: 0,
        accuracy: null,
      },
    ])
    for (const text of ["'); DROP TABLE runs; --", '"', '$now', '\\', '%'])
      expect(() => names(`name = ${quote(text)} or ${quote(text)} or tags like ${quote(text)}`)).not.toThrow()
    expect(names(`tags = ${quote("'); DROP TABLE runs; --")}`).runs).toHaveLength(1)
  })

  it('hides archived runs unless it asks about them', () => {
    make(
      ['a', 'b'].map((name) => ({
        name,
        rate: 1e-3,
        optim: 'sgd',
        tags: [],
        note: null,
        daysAgo: 0,
        accuracy: null,
      })),
    )
    setArchived(db, 'r0' as RunId, NOW_MS)
    expect(names('').columns.name).toEqual(['b'])
    expect(names('archived = true').columns.name).toEqual(['a'])
    expect(names('has(archived)').columns.name).toEqual(['b', 'a'])
  })
})

describe('columns', () => {
  it('hold a value a run, newest run first', () => {
    make([
      { name: 'a', rate: 1e-3, optim: 'sgd', tags: ['z', 'b'], note: 'x', daysAgo: 1, accuracy: 0.9 },
      { name: 'b', rate: 1e-4, optim: 'sgd', tags: [], note: null, daysAgo: 0, accuracy: null },
    ])
    expect(
      names('', ['learning_rate', 'metrics.eval_accuracy.max', 'tags', 'note', 'archived']).columns,
    ).toEqual({
      name: ['b', 'a'],
      'params.learning_rate': [1e-4, 1e-3],
      'metrics.eval_accuracy.max': [null, 0.9],
      tags: [null, ['b', 'z']],
      note: [null, 'x'],
      archived: [false, false],
    })
    expect(paramValues(db, 20).varied).toEqual(['learning_rate'])
  })
})

function step(at: number, loss: number, rate = 10): RunEvent {
  return {
    event: 'step',
    step: at,
    epoch: at,
    loss,
    grad_norm: 1,
    learning_rate: 1e-3,
    tokens_per_second: rate,
    samples_per_second: rate,
  }
}

function evaluate(at: number, accuracy: number): RunEvent {
  return { event: 'evaluate', step: at, epoch: at, metrics: { accuracy, loss: 1 - accuracy } }
}

describe('figures of a run', () => {
  const figure = (name: string) =>
    allRows(db, 'SELECT last, best, min, max FROM run_figures WHERE name = $name', { name })[0]
  const record = (run: RunId, ...events: RunEvent[]) =>
    recordEvents(
      db,
      run,
      events.map((event) => ({ event, atMs: 1 })),
    )

  it('are its newest, lowest, highest and that of the best evaluation', () => {
    const run = addRunning(db)
    record(run, step(1, 3), step(2, 1), evaluate(2, 0.7))
    record(run, step(3, 2), evaluate(3, 0.9), step(4, NaN), evaluate(4, 0.8))
    expect(figure('loss')).toEqual({ last: null, best: null, min: 1, max: 3 })
    expect(figure('eval_accuracy')).toEqual({ last: 0.8, best: 0.9, min: 0.7, max: 0.9 })
    expect(figure('eval_loss')).toMatchObject({ best: 1 - 0.9 })
  })

  it('forget values that a resumed run replaced', () => {
    const run = addRunning(db)
    record(run, step(1, 3, 99), step(2, 0.1), evaluate(2, 0.99))
    record(run, step(2, 1), evaluate(2, 0.5), step(3, 2))
    expect(figure('loss')).toMatchObject({ last: 2, min: 1, max: 3 })
    expect(figure('samples_per_second')).toMatchObject({ min: 10, max: 99 })
    expect(figure('eval_accuracy')).toMatchObject({ last: 0.5, min: 0.5, max: 0.5 })
  })

  it('and settings of an older database are filled in when it is opened', () => {
    const file = join(temporaryFolder(), 'old.db')
    const old = new Database(file) as WritableDB
    old.pragma('foreign_keys = ON')
    migrate(
      old,
      migrations.filter(({ version }) => version < 50),
    )
    change(
      old,
      `INSERT INTO runs (id, number, name, state, task, dataset_name, model_name, run_dir, device, seed, config_json,
         environment_json, created_at_ms, queued_at_ms, last_eval_json, best_eval_json)
       VALUES ('r1', 1, 'old', 'completed', 'single-label', 'letters', 'bert', 'runs/r1', 'cpu', 42, $config, '{}', 1, 1,
         '{"accuracy":0.6,"loss":null}', '{"accuracy":0.8}')`,
      {
        config: JSON.stringify({
          learning_rate: 1e-3,
          model: { architecture: 'bert' },
          freeze: ['a'],
          tokenizer: null,
        }),
      },
    )
    for (const [at, loss] of [
      [1, 3],
      [2, 1],
      [3, 2],
    ])
      change(old, "INSERT INTO metrics VALUES ('r1', $at, 'loss', $loss)", { at: at!, loss: loss! })
    for (const [at, accuracy] of [
      [1, 0.8],
      [2, 0.6],
    ])
      change(old, `INSERT INTO evaluations VALUES ('r1', $at, 1, '{"accuracy":${accuracy},"loss":null}')`, {
        at: at!,
      })
    old.close()
    db.close()
    db = openStore(file)
    expect(figure('loss')).toEqual({ last: 2, best: null, min: 1, max: 3 })
    expect(figure('eval_accuracy')).toEqual({ last: 0.6, best: 0.8, min: 0.6, max: 0.8 })
    const { config_key } = oneRow<{ config_key: string }>(db, "SELECT config_key FROM runs WHERE id = 'r1'")!
    expect(config_key).toMatch(/^[0-9a-f]{12}$/)
    expect(allRows(db, 'SELECT name, value FROM run_params ORDER BY name')).toEqual([
      { name: 'freeze', value: '["a"]' },
      { name: 'learning_rate', value: 1e-3 },
      { name: 'model.architecture', value: 'bert' },
    ])
  })
})
