/** A model folder loaded for predicting. The last one is kept: the next question is usually for the same model. */
import { stat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../../shared/errors'
import type { OpenModel } from '../../engine/models/open'
import { encodeRows, type EncodedRows } from '../../engine/tokenize/encodeRows'
import { loadTokenizer } from '../../engine/tokenize/load'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import { loadPredictor, type Predictor } from '../../engine/train/predict'
import type { PredictTask } from '../protocol'
import type { TaskContext } from '../serve'

interface Classifier {
  predictor: Predictor
  opened: OpenModel
  tokenizer: Tokenizer
  /** Tokens a row may have: what it was trained with, at most the model's positions. */
  maxLength: number
}

type Request = Pick<PredictTask, 'modelDir' | 'numThreads'>

let kept: { key: string; classifier: Classifier } | null = null

/** @throws UserError where the folder is not a trained classifier with its tokenizer */
export async function classifierOf(request: Request): Promise<Classifier> {
  const key = await keyOf(request)
  if (kept?.key === key) return kept.classifier
  await kept?.classifier.predictor.release()
  kept = null
  const classifier = await load(request)
  kept = { key, classifier }
  return classifier
}

/** Logits [N,C] of rows in reading order. */
export async function logitsOf(
  { predictor, tokenizer, maxLength }: Classifier,
  rows: PredictTask['rows'],
  context: TaskContext,
): Promise<Float32Array> {
  const hasPairs = rows.some((row) => row.text_pair !== undefined)
  const encoded: EncodedRows = await encodeRows(
    tokenizer,
    rows.map((row) => row.text),
    hasPairs ? rows.map((row) => row.text_pair ?? '') : null,
    { maxLength, signal: context.signal },
  )
  return predictor.logits(encoded, (done) => {
    context.signal.throwIfAborted()
    context.progress(done, rows.length, 'rows')
  })
}

async function load({ modelDir, numThreads }: Request): Promise<Classifier> {
  const { predictor, opened, notes } = await loadPredictor(
    { kind: 'folder', dir: modelDir },
    { session: numThreads === null ? {} : { numThreads } },
  )
  const isNew = notes.find((note) => note.includes('random weights'))
  if (isNew !== undefined)
    throw new UserError('bad-input', `This folder holds no trained classifier. ${isNew}`, {
      where: { file: modelDir },
      hint: 'Train a run from it, then predict with the run.',
    })
  const positions = opened.model.encoder.maxPositions
  const maxLength = Math.min(positions, (await trainedLength(modelDir)) ?? positions)
  return { predictor, opened, tokenizer: await loadTokenizer(modelDir), maxLength }
}

/** model_max_length of tokenizer_config.json, where it says one. */
async function trainedLength(modelDir: string): Promise<number | null> {
  const text = await readFile(join(modelDir, 'tokenizer_config.json'), 'utf8').catch(() => '{}')
  const { model_max_length: length } = JSON.parse(text) as { model_max_length?: unknown }
  return typeof length === 'number' && Number.isInteger(length) && length > 0 ? length : null
}

/** Changes when the folder's model does. */
async function keyOf({ modelDir, numThreads }: Request): Promise<string> {
  const stamps = await Promise.all(
    ['config.json', 'model.safetensors', 'tokenizer.json'].map((name) =>
      stat(join(modelDir, name)).then(
        ({ mtimeMs, size }) => `${mtimeMs}-${size}`,
        () => '',
      ),
    ),
  )
  return JSON.stringify([modelDir, numThreads, ...stamps])
}
