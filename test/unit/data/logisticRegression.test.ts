/** The bag-of-words classifier against scikit-learn, and on the sample. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fitLogisticRegression, predictClasses } from '../../../src/main/data/baseline/logisticRegression'
import { semanticFieldsRows } from '../../../src/main/data/sample/semanticFields'
import { fitTfIdf, transformTfIdf } from '../../../src/main/data/baseline/tfidf'

interface Row {
  text: string
  label: number
}
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../golden/baselines/bagOfWords.json'), 'utf8'),
) as { train: Row[]; validation: Row[]; predicted: number[]; intercepts: number[] }

const texts = (rows: readonly Row[]) => rows.map(({ text }) => text)

test('predictions and intercepts of scikit-learn', async () => {
  const tfidf = fitTfIdf(texts(golden.train))
  const x = transformTfIdf(tfidf, texts(golden.train))
  const labels = golden.train.map(({ label }) => label)
  const model = await fitLogisticRegression(x, labels, 4, { C: 10, tolerance: 1e-7 })
  const predicted = predictClasses(model, transformTfIdf(tfidf, texts(golden.validation)))
  expect([...predicted]).toEqual(golden.predicted)
  golden.intercepts.forEach((intercept, c) => {
    expect(model.weights[model.columns * 4 + c]).toBeCloseTo(intercept, 3)
  })
})

test('stops where it is told to', async () => {
  const x = transformTfIdf(fitTfIdf(['a few words', 'other words']), ['a few words', 'other words'])
  const fit = fitLogisticRegression(x, [0, 1], 2, { breathe: () => Promise.reject(new Error('stop')) })
  await expect(fit).rejects.toThrow('stop')
})

test('the sample: at least 0.82', { timeout: 120_000 }, async () => {
  const rows = await semanticFieldsRows()
  const names = [...new Set(rows.map(({ cells }) => cells.label))].sort()
  const part = (split: string) => {
    const own = rows.filter((row) => row.split === split)
    return {
      texts: own.map(({ cells }) => cells.text),
      labels: own.map(({ cells }) => names.indexOf(cells.label)),
    }
  }
  const [train, validation] = [part('train'), part('validation')]
  const tfidf = fitTfIdf(train.texts)
  const model = await fitLogisticRegression(transformTfIdf(tfidf, train.texts), train.labels, names.length)
  const predicted = predictClasses(model, transformTfIdf(tfidf, validation.texts))
  const right = predicted.filter((label, row) => label === validation.labels[row]).length
  expect(right / predicted.length).toBeGreaterThan(0.82)
})
