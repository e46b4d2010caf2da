/** Copies a second of every augmenter that asks no model, made by as many threads as asked for, on the sample's rows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRecipe } from '../src/main/augment/compile'
import { augmenters } from '../src/main/augment/registry'
import { importDataset } from '../src/main/data/importDataset'
import { outcomesByThreads } from '../src/main/worker/augment/threads'

const COPIES_OF_A_ROW = 4
const columns = { kind: 'text', text: 'text', pair: null, label: 'label' } as const

export interface AugmenterRate {
  augmenter: string
  threads: number
  copies: number
  /** The start of the threads and the opening of WordNet included. */
  copiesPerSecond: number
}

export async function measureAugmenters(threads: number): Promise<AugmenterRate[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-augment-'))
  try {
    const datasetFile = join(folder, 'sample.sqlite')
    await importDataset({ kind: 'sample', name: 'semantic-fields' }, null, datasetFile, {})
    const rates: AugmenterRate[] = []
    for (const { name, group, rows } of augmenters) {
      if (group === 'Models' || !rows.includes('text')) continue
      const recipe = parseRecipe({ copies: COPIES_OF_A_ROW, steps: [{ augmenter: name }] })
      const startedMs = performance.now()
      let copies = 0
      for await (const made of outcomesByThreads({ recipe, datasetFile, columns }, threads))
        copies += made.length
      const copiesPerSecond = copies / ((performance.now() - startedMs) / 1000)
      rates.push({ augmenter: name, threads, copies, copiesPerSecond })
    }
    return rates
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
