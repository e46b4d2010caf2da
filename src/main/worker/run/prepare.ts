/** From a task to what `trainRun` takes: rows, labels, tokenizer, token ids, the model to start from. */
import { join } from 'node:path'
import type { Prediction } from '../../../shared/domain/run'
import { invariant, UserError } from '../../../shared/errors'
import { mapLabels } from '../../engine/models/labels'
import { type ModelOrigin, readModelConfig } from '../../engine/models/open'
import type { EncodedRows } from '../../engine/tokenize/encodeRows'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import type { LabelledRows, TokenRows } from '../../engine/train/rows'
import type { TrainSpec } from '../../engine/train/spec'
import type { EstimateTask, RunTask } from '../protocol'
import type { TaskContext } from '../serve'
import { type RunData, readDataset, type SplitRows } from './dataset'
import { encodeSplit } from './encode'
import { labelIds, requireTwoClasses } from './labels'
import { toPredictions } from './metrics'
import { keptTokenizerFiles, prepareProgress, tokenizerOf } from './tokenizer'

export interface PreparedRun {
  spec: TrainSpec
  data: RunData
  /** Held-out rows to predict while the run goes. */
  watched: { rows: TokenRows; describe(logits: Float32Array): Prediction[] } | null
}

const WATCHED_ROWS = 3

/** @throws UserError naming file, row and field of what does not fit */
export async function prepareRun(task: RunTask | EstimateTask, context: TaskContext): Promise<PreparedRun> {
  const { config, runDir } = task
  const progress = prepareProgress(context)
  progress('Reading the rows', 0, 1)
  const data = await readDataset(task.datasetFile, config, context.signal)
  progress('Reading the rows', 1, 1)
  const { train, validation, roles } = data
  requireTwoClasses(train, roles.label)
  const own = task.modelDir === null ? {} : await readModelConfig(task.modelDir)
  const { labels } = mapLabels(own, train.labels)
  const trainLabels = labelIds(train, labels, roles.label)
  const validationLabels = labelIds(validation, labels, roles.label)
  requireValidation(task, validation)

  const tokenizer = await tokenizerOf(task, train.texts, context)
  const settings = {
    dataSha256: data.sha256,
    roles,
    maxLength: config.max_length,
    cacheDir: task.cacheDir,
  }
  const encodedTrain = await encodeSplit(train, tokenizer, settings, context)
  const encodedValidation = await encodeSplit(validation, tokenizer, settings, context)
  for (const [rows, { truncatedRows }] of [
    [train, encodedTrain],
    [validation, encodedValidation],
  ] as const)
    if (truncatedRows > 0)
      data.notes.push(
        `${truncatedRows} ${rows.split} texts were cut to max_length ${config.max_length} tokens.`,
      )
  const held = validation.texts.length > 0 ? labelled(encodedValidation, validationLabels) : null
  return {
    data,
    watched: held && watch(held, validation, labels),
    spec: {
      runId: task.runId,
      config,
      origin: originOf(task, tokenizer.tokenizer),
      labels,
      train: labelled(encodedTrain, trainLabels),
      validation: held,
      outputDir: join(runDir, 'model'),
      checkpointsDir: join(runDir, 'checkpoints'),
      tokenizerFiles: task.kind === 'run' ? await keptTokenizerFiles(runDir) : {},
      ...(task.kind === 'run' && task.resumeFrom !== null && { resumeFrom: task.resumeFrom }),
      facts: { data_sha256: data.sha256, tokenizer_sha256: tokenizer.sha256 },
    },
  }
}

function requireValidation({ config }: RunTask | EstimateTask, { texts }: SplitRows): void {
  if (texts.length > 0 || (config.eval_strategy === 'no' && !config.load_best_model_at_end)) return
  throw new UserError('bad-input', 'There are no validation rows to evaluate on.', {
    where: { field: 'eval_strategy' },
    hint: 'Give the dataset a validation split, or set eval_strategy to no.',
  })
}

function labelled({ ids, offsets, typeIds }: EncodedRows, labels: Int32Array): LabelledRows {
  return { ids, offsets, typeIds, labels }
}

/** Random weights get a vocabulary of the tokenizer's size, unless the config says otherwise. */
function originOf({ config, modelDir }: RunTask | EstimateTask, tokenizer: Tokenizer): ModelOrigin {
  if (modelDir !== null) return { kind: 'folder', dir: modelDir }
  const { model } = config
  invariant(typeof model !== 'string', 'a model folder is given as modelDir')
  const pad = tokenizer.specialTokens.pad
  return {
    kind: 'random',
    architecture: model.architecture,
    config: {
      vocab_size: tokenizer.idCount,
      ...(pad && { pad_token_id: pad.id }),
      ...model.config,
    },
  }
}

/** The first rows of different classes, as far as there are any. */
function watch(
  held: LabelledRows,
  { texts, pairs, labels: references }: SplitRows,
  labels: readonly string[],
) {
  const chosen: number[] = []
  const classes = new Set<string>()
  references.forEach((label, row) => {
    if (chosen.length < WATCHED_ROWS && !classes.has(label)) chosen.push(row)
    classes.add(label)
  })
  for (let row = 0; chosen.length < Math.min(WATCHED_ROWS, texts.length); row++)
    if (!chosen.includes(row)) chosen.push(row)
  const rows = chosen.map((row) => ({
    text: texts[row]!,
    ...(pairs && { text_pair: pairs[row]! }),
    reference: references[row]!,
  }))
  return {
    rows: rowsAt(held, chosen),
    describe: (logits: Float32Array) => toPredictions(rows, logits, labels),
  }
}

function rowsAt(rows: TokenRows, chosen: readonly number[]): TokenRows {
  const cut = (values: Int32Array) =>
    Int32Array.from(chosen.flatMap((row) => [...values.subarray(rows.offsets[row], rows.offsets[row + 1])]))
  const offsets = new Int32Array(chosen.length + 1)
  chosen.forEach((row, i) => (offsets[i + 1] = offsets[i]! + rows.offsets[row + 1]! - rows.offsets[row]!))
  return { ids: cut(rows.ids), offsets, typeIds: rows.typeIds && cut(rows.typeIds) }
}
