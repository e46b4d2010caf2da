/** A thread that makes a share of a recipe's copies and hands them over, a few handfuls ahead of what was taken. */
import { parentPort, workerData } from 'node:worker_threads'
import type { AugmentRecipe } from '../../../shared/domain/augmentation'
import { invariant } from '../../../shared/errors'
import { Augmentation, type Share } from '../../augment/augment'
import type { Outcome } from '../../augment/make'
import type { Models } from '../../augment/models'
import { openVersionFile } from '../../data/file/openVersion'
import { rowsToAugment, type Columns } from './columns'

export interface ThreadWork {
  recipe: AugmentRecipe
  datasetFile: string
  columns: Columns
}

/** From the thread: outcomes in their order, null at the end. To it: `taken`, for each that was taken. */
export type FromThread = Outcome[] | null

const AHEAD = 8

/** Recipes that ask models are not given to threads: importing what runs models takes longer than most of these. */
const refuse = () => Promise.reject(new Error('a thread that makes copies has no models'))
const NO_MODELS: Models = { maskedLm: refuse, classifier: refuse, embedder: refuse, writer: refuse }

const { work, share } = workerData as { work: ThreadWork; share: Share }
invariant(parentPort, 'this file runs as a thread')
const port = parentPort

let ahead = 0
let goOn: () => void = () => undefined
port.on('message', () => {
  ahead--
  goOn()
})

const file = openVersionFile(work.datasetFile)
try {
  const rows = rowsToAugment(file, work.columns)
  const augmentation = await Augmentation.prepare(work.recipe, rows, NO_MODELS)
  for await (const outcomes of augmentation.outcomes(share)) {
    port.postMessage(outcomes satisfies FromThread)
    ahead++
    while (ahead >= AHEAD) await new Promise<void>((resolve) => (goOn = resolve))
  }
  port.postMessage(null satisfies FromThread)
} finally {
  file.close()
}
port.close()
