/** A model folder opened for use as it is: weights in memory, tokenizer, and a session of any batch shape. */
import { UserError } from '../../../shared/errors'
import { FEEDS, logitsGraph } from '../models/classifierGraph'
import { openModel, type OpenModel } from '../models/open'
import { elements } from '../nn/parameter'
import { inferenceGraph } from '../passes/trainingGraph'
import { type HostTensor, Session } from '../runtime/session'
import { loadTokenizer } from '../tokenize/load'
import type { Tokenizer } from '../tokenize/tokenizer'
import type { Logits, TokenRow } from './parity'

export interface ClassifierFolder {
  opened: OpenModel
  weights: Map<string, Float32Array>
  tokenizer: Tokenizer
  /** Tokens a row may have: the model's positions, or fewer where the tokenizer says so. */
  maxLength: number
}

/**
 * @throws UserError where a file is missing or damaged, and where the folder lacks a trained classifier
 */
export async function openClassifier(dir: string): Promise<ClassifierFolder> {
  const opened = await openModel({ kind: 'folder', dir })
  const weights = new Map(
    opened.model.parameters.map((spec) => [spec.name, new Float32Array(elements(spec))]),
  )
  const notes = await opened.fill((name) => weights.get(name)!, 0)
  const isNew = notes.find((note) => note.includes('random weights'))
  if (isNew !== undefined)
    throw new UserError('bad-input', `This folder holds no trained model. ${isNew}`, {
      where: { file: dir },
      hint: 'Train a run from it first.',
    })
  return {
    opened,
    weights,
    tokenizer: await loadTokenizer(dir),
    maxLength: opened.model.encoder.maxPositions,
  }
}

/** Logits of the rows through the engine's own graph, one row at a time: no padding, no batch. */
export async function engineLogits(
  { opened, weights }: Pick<ClassifierFolder, 'opened' | 'weights'>,
  rows: readonly TokenRow[],
  signal?: AbortSignal,
): Promise<Logits> {
  const graph = logitsGraph(opened.model, { rows: 1, length: 'T', hasTypes: true })
  const session = await Session.create(inferenceGraph(graph), { numThreads: 1, weights })
  try {
    const logits: Float32Array[] = []
    for (const row of rows) {
      signal?.throwIfAborted()
      const result = await session.evaluate(feedsOf(row, session.inputNames))
      logits.push((result['logits']!.data as Float32Array).slice())
    }
    return logits
  } finally {
    await session.release()
  }
}

function feedsOf({ ids, typeIds }: TokenRow, inputNames: readonly string[]): Record<string, HostTensor> {
  const length = ids.length
  const bias = new Float32Array(length)
  return {
    [FEEDS.ids]: { dtype: 'int32', shape: [1, length], data: ids },
    ...(inputNames.includes(FEEDS.types) && {
      [FEEDS.types]: { dtype: 'int32', shape: [1, length], data: typeIds },
    }),
    [FEEDS.bias]: { dtype: 'float32', shape: [1, 1, 1, length], data: bias },
  }
}
