/** The test split is held out from everything a run decides by: what a run reads is the same with and without it. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importDataset } from '../../../src/main/data/importDataset'
import { PROBLEMS } from '../../../src/main/worker/problems/registry'
import { readDataset } from '../../../src/main/worker/run/dataset'
import { temporaryFolder } from '../store/temporary'

const ROWS = Array.from(
  { length: 40 },
  (_, i) => `sentence number ${i},${i % 2 ? 'a' : 'b'},${i % 4 ? 'train' : 'validation'}`,
)
const TEST_ROWS = Array.from({ length: 20 }, (_, i) => `held out ${i},${i % 3 ? 'a' : 'unseen'},test`)

async function dataOf(lines: readonly string[]) {
  const file = join(temporaryFolder(), 'version.sqlite')
  const text = ['text,label,split', ...lines].join('\n')
  const { rows } = await importDataset({ kind: 'text', text }, null, file)
  const config = {
    task: 'sequence-classification',
    columns: { text: 'text', label: 'label' },
    dataset: { version: 'v' },
    label_delimiter: null,
    seed: 1,
    mlm_probability: 0.15,
    whole_word: false,
  } as const
  const { sha256, ...data } = await readDataset(
    file,
    config,
    PROBLEMS['single-label'],
    new AbortController().signal,
  )
  return { rows, sha256, data }
}

it('a run reads its training and validation rows alone', async () => {
  const without = await dataOf(ROWS)
  const withTest = await dataOf([...ROWS, ...TEST_ROWS])
  expect(withTest.rows).toEqual({ train: 30, validation: 10, test: 20 })
  expect(withTest.sha256).not.toBe(without.sha256)
  expect(withTest.data).toEqual(without.data)
  expect(JSON.stringify(withTest.data)).not.toMatch(/held out|unseen/)
})
