/** Files of answers: what is written comes back sorted, filtered and summed; damaged ones are refused in words. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { ExamplesFile } from '../../../src/main/data/examples/openExamples'
import { writeExamples, type KeptRow } from '../../../src/main/data/examples/writeExamples'
import { importDataset } from '../../../src/main/data/importDataset'
import type { ExampleQuery, ExamplesMeta } from '../../../src/shared/domain/examples'
import { temporaryFolder } from '../store/temporary'

const META: ExamplesMeta = {
  step: 30,
  epoch: 1.5,
  problem: 'single-label',
  labels: ['cat', 'dog'],
  metrics: { loss: 0.6, accuracy: 0.5 },
  split: 'validation',
  rows: 4,
}
const ALL: ExampleQuery = { sort: 'row', offset: 0, limit: 500 }

/** [true, P(dog), loss] of rows 0–3, whose texts are those of CSV. */
const ANSWERS: [string, number, number][] = [
  ['cat', 0.125, 0.13],
  ['cat', 0.75, 1.39],
  ['dog', 0.0625, 2.77],
  ['dog', 0.875, 0.13],
]
const CSV =
  'text,label,source\nit purrs,cat,web\nit barks,cat,web\nit mews 100%_sure,dog,book\nit barks too,dog,\n'

function row([label, dog, loss]: (typeof ANSWERS)[number], ordinal: number): KeptRow {
  const predicted = dog > 0.5 ? 'dog' : 'cat'
  const confidence = Math.max(dog, 1 - dog)
  return {
    ordinal,
    content: `content ${ordinal}`,
    tokens: 3 + ordinal,
    loss,
    asked: null,
    scores: Float32Array.of(1 - dog, dog),
    answers: [{ place: 0, label, predicted, confidence }],
  }
}

let folder: string
let path: string
let dataset: string

beforeEach(async () => {
  folder = temporaryFolder()
  path = join(folder, 'step-30.sqlite')
  dataset = join(folder, 'version.sqlite')
  const split = { validation: 0, test: 0, seed: 0, stratifyBy: null }
  await importDataset({ kind: 'text', text: CSV }, split, dataset)
  await writeExamples(path, ANSWERS.map(row), META)
})

function reading<T>(read: (file: ExamplesFile) => T, datasetFile: string | null = dataset): T {
  const file = ExamplesFile.open(path, datasetFile, { text: 'text', label: 'label' })
  try {
    return read(file)
  } finally {
    file.close()
  }
}
const ordinals = (query: Partial<ExampleQuery>) =>
  reading((file) => file.page({ ...ALL, ...query }).examples.map(({ ordinal }) => ordinal))

describe('a file of answers', () => {
  it('gives the rows back with text, truth, answer and probabilities', () => {
    const page = reading((file) => file.page({ ...ALL, sort: 'loss', limit: 2 }))
    expect(page).toMatchObject({ rows: 4, wrong: 2, meanLoss: expect.closeTo(1.105, 6) as unknown })
    expect(page.examples[0]).toEqual({
      ordinal: 2,
      tokens: 5,
      loss: 2.77,
      confidence: 0.9375,
      shareRight: 0,
      prediction: {
        text: 'it mews 100%_sure',
        label: 'cat',
        reference: 'dog',
        scores: { cat: 0.9375, dog: 0.0625 },
      },
    })
    expect(page.examples[1]!.ordinal).toBe(1)
    expect(reading((file) => file.meta)).toEqual(META)
  })

  it('sorts by loss, by the surest wrong answer, by length and by row', () => {
    expect(ordinals({ sort: 'loss' })).toEqual([2, 1, 0, 3])
    expect(ordinals({ sort: 'confidence' })).toEqual([2, 1, 0, 3])
    expect(ordinals({ sort: 'length' })).toEqual([3, 2, 1, 0])
    expect(ordinals({ sort: 'row', offset: 1, limit: 2 })).toEqual([1, 2])
  })

  it('finds rows by verdict, classes, certainty, length, a column and their text', () => {
    expect(ordinals({ judged: 'wrong' })).toEqual([1, 2])
    expect(ordinals({ judged: 'right' })).toEqual([0, 3])
    expect(ordinals({ label: 'cat', predicted: 'dog' })).toEqual([1])
    expect(ordinals({ predicted: 'cat' })).toEqual([0, 2])
    expect(ordinals({ confidence: { from: 0.8, to: 0.9 } })).toEqual([0, 3])
    expect(ordinals({ length: { from: 4, to: 5 } })).toEqual([1, 2])
    expect(ordinals({ slice: { column: 'source', value: 'web' } })).toEqual([0, 1])
    expect(ordinals({ search: 'BARKS' })).toEqual([1, 3])
    expect(ordinals({ search: '%_' })).toEqual([2])
    expect(ordinals({ search: 'barks', judged: 'wrong' })).toEqual([1])
  })

  it('sums up by class, by column and by certainty', () => {
    reading((file) => {
      expect(file.confusions()).toEqual([
        { label: 'cat', predicted: 'cat', count: 1 },
        { label: 'cat', predicted: 'dog', count: 1 },
        { label: 'dog', predicted: 'cat', count: 1 },
        { label: 'dog', predicted: 'dog', count: 1 },
      ])
      expect(file.byColumn('source', 10)).toEqual([
        { value: 'web', rows: 2, wrong: 1, meanLoss: expect.closeTo(0.76, 9) as unknown },
        { value: '', rows: 1, wrong: 0, meanLoss: 0.13 },
        { value: 'book', rows: 1, wrong: 1, meanLoss: 2.77 },
      ])
      expect(file.certainties()).toContainEqual({ confidence: 0.9375, isRight: false })
      expect(file.lengths()).toEqual([3, 4, 5, 6])
    })
  })

  it('names what it does not know', () => {
    expect(() => ordinals({ label: 'cta' })).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: 'Did you mean cat?' }) as Error,
    )
    expect(() => ordinals({ slice: { column: 'genre', value: 'x' } })).toThrow(/no column "genre"/)
  })

  it('still tells answers when the dataset was deleted', () => {
    const { examples } = reading((file) => file.page(ALL), null)
    expect(examples[1]!.prediction).toMatchObject({ text: '', label: 'dog', reference: 'cat' })
    expect(reading((file) => file.columnNames(), null)).toBeNull()
    const slice = { column: 'source', value: 'web' }
    expect(() => reading((file) => file.page({ ...ALL, slice }), null)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('deleted') as string }) as Error,
    )
  })

  it('keeps a loss that is not finite as the worst', async () => {
    await writeExamples(path, [...ANSWERS.map(row), { ...row(ANSWERS[0]!, 4), loss: Infinity }], META)
    const [worst] = reading((file) => file.page({ ...ALL, sort: 'loss' }).examples)
    expect(worst).toMatchObject({ ordinal: 4, loss: null })
  })

  it('is replaced whole, or left as it was', async () => {
    function* broken(): Generator<KeptRow> {
      yield row(ANSWERS[0]!, 0)
      throw new Error('the engine died')
    }
    await expect(writeExamples(path, broken(), { ...META, step: 31 })).rejects.toThrow('the engine died')
    expect(readdirSync(folder).sort()).toEqual(['step-30.sqlite', 'version.sqlite'])
    expect(reading((file) => file.meta.step)).toBe(30)
    await writeExamples(path, ANSWERS.slice(0, 1).map(row), META)
    expect(ordinals({})).toEqual([0])
  })

  it('is refused where it is gone, damaged or newer', () => {
    const newer = new Database(path)
    newer.pragma('user_version = 99')
    newer.close()
    expect(() => reading(() => null)).toThrow(expect.objectContaining({ code: 'newer-version' }) as Error)
    writeFileSync(path, 'no database')
    expect(() => reading(() => null)).toThrow(expect.objectContaining({ code: 'corrupt' }) as Error)
    rmSync(path)
    expect(() => reading(() => null)).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    expect(existsSync(path)).toBe(false)
  })
})
