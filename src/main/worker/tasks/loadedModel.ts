/** A model folder loaded for predicting. The last one is kept: the next question is usually for the same model. */
import { stat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../../shared/errors'
import type { OpenModel } from '../../engine/models/open'
import { encodeRows, encodeRowsByWord, type EncodedRows } from '../../engine/tokenize/encodeRows'
import { loadTokenizer } from '../../engine/tokenize/load'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import { loadPredictor, type Predictor } from '../../engine/train/predict'
import { answerCount, type AskedRows, rowCount } from '../../engine/train/rows'
import type { Problem } from '../problems/problem'
import { PROBLEMS } from '../problems/registry'
import type { PredictTask } from '../protocol'
import type { TaskContext } from '../serve'

export interface LoadedModel {
  predictor: Predictor
  opened: OpenModel
  problem: Problem
  tokenizer: Tokenizer
  /** Tokens a row may have: what it was trained with, at most the model's positions. */
  maxLength: number
}

type Request = Pick<PredictTask, 'modelDir' | 'numThreads'>

let kept: { key: string; model: LoadedModel } | null = null

/** @throws UserError where the folder is not a trained model with its tokenizer */
export async function loadedModel(request: Request): Promise<LoadedModel> {
  const key = await keyOf(request)
  if (kept?.key === key) return kept.model
  await kept?.model.predictor.release()
  kept = null
  const model = await loadModel(request)
  kept = { key, model }
  return model
}

/** Token ids of rows, as the model's problem reads them. */
export function encodeFor(
  { tokenizer, maxLength }: LoadedModel,
  rows: PredictTask['rows'],
  byWord: boolean,
  signal: AbortSignal,
): Promise<EncodedRows> {
  if (byWord)
    return encodeRowsByWord(
      tokenizer,
      rows.map((row) => row.tokens ?? row.text),
      { maxLength, signal },
    )
  const hasPairs = rows.some((row) => row.text_pair !== undefined)
  return encodeRows(
    tokenizer,
    rows.map((row) => row.text),
    hasPairs ? rows.map((row) => row.text_pair ?? '') : null,
    { maxLength, signal },
  )
}

/** Logits [answers,C], held at once. */
export async function logitsOf(
  { predictor }: LoadedModel,
  asked: AskedRows,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Float32Array> {
  const classes = predictor.model.numLabels
  const logits = new Float32Array(answerCount(asked) * classes)
  await predictor.run(
    asked,
    (answer, own) => logits.set(own, answer * classes),
    (done) => {
      context.signal.throwIfAborted()
      context.progress(done, rowCount(asked), 'rows')
    },
  )
  return logits
}

/** @throws UserError where the folder is not a trained model with its tokenizer */
export async function loadModel({ modelDir, numThreads }: Request): Promise<LoadedModel> {
  const { predictor, opened, notes } = await loadPredictor(
    { kind: 'folder', dir: modelDir },
    { session: numThreads === null ? {} : { numThreads } },
  )
  const isNew = notes.find((note) => note.includes('random weights'))
  if (isNew !== undefined)
    throw new UserError('bad-input', `This folder holds no trained model. ${isNew}`, {
      where: { file: modelDir },
      hint: 'Train a run from it, then predict with the run.',
    })
  const positions = opened.model.encoder.maxPositions
  const maxLength = Math.min(positions, (await trainedLength(modelDir)) ?? positions)
  const problem = PROBLEMS[opened.objective.id]
  return { predictor, opened, problem, tokenizer: await loadTokenizer(modelDir), maxLength }
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
    ['config.json', 'model.safetensors', 'adapter_model.safetensors', 'tokenizer.json'].map((name) =>
      stat(join(modelDir, name)).then(
        ({ mtimeMs, size }) => `${mtimeMs}-${size}`,
        () => '',
      ),
    ),
  )
  return JSON.stringify([modelDir, numThreads, ...stamps])
}
