import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fitLogisticRegression, predictClasses } from '../../../src/main/data/baseline/logisticRegression'
import { mcNemar } from '../../../src/main/metrics/significance/mcNemar'
import { fitTfIdf, transformTfIdf } from '../../../src/main/data/baseline/tfidf'

interface Golden {
  train: { text: string; label: number }[]
  validation: { text: string; label: number }[]
  predicted: number[]
  intercepts: number[]
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/baselines/bagOfWords.json', import.meta.url), 'utf8'),
) as Golden

const texts = (rows: Golden['train']) => rows.map((row) => row.text)

describe('bag of words', () => {
  it('predicts what scikit-learn predicts, with its intercepts', async () => {
    const tfidf = fitTfIdf(texts(golden.train))
    const labels = golden.train.map((row) => row.label)
    const train = transformTfIdf(tfidf, texts(golden.train))
    const model = await fitLogisticRegression(train, labels, 4, { tolerance: 1e-6 })
    expect([...predictClasses(model, transformTfIdf(tfidf, texts(golden.validation)))]).toEqual(
      golden.predicted,
    )
    golden.intercepts.forEach((intercept, c) =>
      expect(model.weights[4 * model.columns + c]).toBeCloseTo(intercept, 1),
    )
  })

  it('weighs words as TfidfVectorizer does', () => {
    const rows = transformTfIdf(fitTfIdf(['the cat', 'The dog the', 'a dog']), ['the cat dog bird'])
    // idf: the ln(4/3)+1, cat ln(4/2)+1, dog ln(4/3)+1; the row has length 1.
    const idf = [Math.log(4 / 3) + 1, Math.log(2) + 1, Math.log(4 / 3) + 1]
    const length = Math.hypot(...idf)
    idf.forEach((value, i) => expect(rows.values[i]).toBeCloseTo(value / length, 12))
  })

  it('stops where it is told to', async () => {
    const train = transformTfIdf(fitTfIdf(texts(golden.train)), texts(golden.train))
    const stop = () => Promise.reject(new Error('stop'))
    await expect(
      fitLogisticRegression(
        train,
        golden.train.map((row) => row.label),
        4,
        { breathe: stop },
      ),
    ).rejects.toThrow('stop')
  })
})

describe('mcNemar', () => {
  const rights = (text: string) => Array.from(text, (c) => c === '1')

  it('gives the exact two-sided binomial probability', () => {
    // 9 against 1 of 10: 2 · (1 + 10) / 2^10.
    const result = mcNemar(rights('1111111110111'), rights('0000000001111'))
    expect(result).toMatchObject({ onlyFirst: 9, onlySecond: 1 })
    expect(result.pValue).toBeCloseTo(22 / 1024, 12)
  })

  it('sees no difference between equals', () => {
    expect(mcNemar(rights('110'), rights('110')).pValue).toBe(1)
    expect(mcNemar(rights('1010'), rights('0101')).pValue).toBe(1)
  })

  it('holds for many rows', () => {
    const first = Array.from({ length: 4000 }, (_, i) => i < 2200)
    expect(
      mcNemar(
        first,
        first.map((isRight) => !isRight),
      ).pValue,
    ).toBeCloseTo(2.7e-10, 10)
  })
})
