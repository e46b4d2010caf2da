/** From a task to what `trainRun` takes: rows, labels, tokenizer, token ids, the model to start from. */
import { join } from 'node:path'
import type { AskedRow, Prediction } from '../../../shared/domain/run'
import { isRandom } from '../../../shared/domain/runConfig'
import { problemOf } from '../../../shared/domain/tasks'
import { invariant, UserError } from '../../../shared/errors'
import { type ModelOrigin, readModelConfig } from '../../engine/models/open'
import { OBJECTIVES } from '../../engine/objectives/registry'
import type { EncodedRows } from '../../engine/tokenize/encodeRows'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import type { AskedRows, LabelledRows } from '../../engine/train/rows'
import type { TrainSpec } from '../../engine/train/spec'
import type { Known, LabelledSplit, Problem } from '../problems/problem'
import { PROBLEMS } from '../problems/registry'
import type { PreparedTask } from '../protocol'
import type { TaskContext } from '../serve'
import { type RunData, readDataset, type SplitRows } from './dataset'
import { encodeSplit } from './encode'
import { rowsAt } from './rowsAt'
import { keepsTokenizer, keptTokenizerFiles, prepareProgress, tokenizerOf } from './tokenizer'

export interface PreparedRun {
  spec: TrainSpec
  problem: Problem
  known: Known
  data: RunData
  train: LabelledSplit
  held: LabelledSplit | null
  /** Held-out rows to predict while the run goes. */
  watched: { rows: AskedRows; describe(logits: Float32Array): Prediction[] } | null
}

const WATCHED_ROWS = 3

/** @throws UserError naming file, row and field of what does not fit */
export async function prepareRun(task: PreparedTask, context: TaskContext): Promise<PreparedRun> {
  const { config, runDir } = task
  const problem = PROBLEMS[problemOf(config)]
  const progress = prepareProgress(context)
  progress('Reading the rows', 0, 1)
  const data = await readDataset(task.datasetFile, config, problem, context.signal)
  progress('Reading the rows', 1, 1)
  const { roles } = data
  const own = task.modelDir === null ? {} : await readModelConfig(task.modelDir)
  const labels = problem.labelsOf(own, data.train, roles)
  requireValidation(task, data.validation)

  const tokenizer = await tokenizerOf(task, data.train.texts, context)
  const known: Known = { labels, tokenizer: tokenizer.tokenizer, settings: config }
  const settings = {
    dataSha256: data.sha256,
    roles,
    maxLength: config.max_length,
    byWord: problem.needsWords(config),
    cacheDir: task.cacheDir,
  }
  const labelled = async (split: SplitRows): Promise<LabelledSplit> => {
    const encoded = await encodeSplit(split, tokenizer, settings, context)
    if (encoded.truncatedRows > 0)
      data.notes.push(
        `${encoded.truncatedRows} ${split.split} texts were cut to max_length ${config.max_length} tokens.`,
      )
    return { split, encoded, ...problem.label(encoded, split, roles, known) }
  }
  const train = await labelled(data.train)
  const held = data.validation.texts.length > 0 ? await labelled(data.validation) : null
  return {
    problem,
    known,
    data,
    train,
    held,
    watched: held && watch(held, problem, known),
    spec: {
      runId: task.runId,
      config,
      origin: originOf(task, tokenizer.tokenizer),
      objective: OBJECTIVES[problem.id],
      labels,
      train: train.rows,
      ...(train.ofEpoch && { trainOfEpoch: train.ofEpoch }),
      validation: held?.rows ?? null,
      outputDir: join(runDir, 'model'),
      checkpointsDir: join(runDir, 'checkpoints'),
      tokenizerFiles: keepsTokenizer(task) ? await keptTokenizerFiles(runDir) : {},
      facts: { data_sha256: data.sha256, tokenizer_sha256: tokenizer.sha256 },
    },
  }
}

function requireValidation({ config }: PreparedTask, { texts }: SplitRows): void {
  if (texts.length > 0 || (config.eval_strategy === 'no' && !config.load_best_model_at_end)) return
  throw new UserError('bad-input', 'There are no validation rows to evaluate on.', {
    where: { field: 'eval_strategy' },
    hint: 'Give the dataset a validation split, or set eval_strategy to no.',
  })
}

/** Random weights get a vocabulary of the tokenizer's size, unless the config says otherwise. */
function originOf({ config, modelDir }: PreparedTask, tokenizer: Tokenizer): ModelOrigin {
  if (modelDir !== null) return { kind: 'folder', dir: modelDir }
  const { model } = config
  invariant(isRandom(model), 'a model folder is given as modelDir')
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

/** The first rows of different answers, as far as there are any. */
function watch({ split, encoded, rows }: LabelledSplit, problem: Problem, known: Known) {
  const { texts, pairs, tokens, references } = split
  const chosen: number[] = []
  const seen = new Set<string>()
  references.forEach((reference, row) => {
    const answer = JSON.stringify(reference)
    if (chosen.length < WATCHED_ROWS && !seen.has(answer)) chosen.push(row)
    seen.add(answer)
  })
  for (let row = 0; chosen.length < Math.min(WATCHED_ROWS, texts.length); row++)
    if (!chosen.includes(row)) chosen.push(row)
  const inputs = chosen.map((row): AskedRow => ({
    text: texts[row]!,
    ...(pairs && { text_pair: pairs[row]! }),
    ...(tokens && { tokens: tokens[row]! }),
    ...(references.length > 0 && { reference: references[row]! }),
  }))
  const some: { encoded: EncodedRows; rows: LabelledRows } = rowsAt(encoded, rows, chosen)
  return {
    rows: some.rows,
    describe: (logits: Float32Array) => problem.describe(inputs, some.encoded, some.rows, logits, known),
  }
}
