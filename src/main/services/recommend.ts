/**
 * Settings worth changing from Transformers' defaults, for the task, the starting point and the amount of data, each
 * with its reason. Rules of thumb: Devlin et al. 2019 (BERT fine-tuning ranges) and Mosbach et al. 2021 (small data).
 */
import type { Recommendation } from '../../shared/ipc/runs'
import type { DatasetVersion } from '../../shared/domain/dataset'
import { HEADLINES } from '../../shared/domain/metricNames'
import { isRandom, RUN_CONFIG_KEYS, type ColumnRoles, type ModelSource } from '../../shared/domain/runConfig'
import {
  problemOf,
  problemTypeOf,
  type Problem,
  type ProblemType,
  type Task,
} from '../../shared/domain/tasks'
import type { StoredProfile } from '../store/queries/datasets'
import { completeRoles } from '../data/roles'

export interface Situation {
  model: ModelSource | null
  version: DatasetVersion | null
  profile: StoredProfile | null
  columns: ColumnRoles
  task: Task
  problem_type: ProblemType | null
  /** What of a pretrained model trains, where it is not all of it. */
  trains?: 'adapter' | 'head'
}

/** Rows are assumed where no dataset is chosen yet. */
const ASSUMED_ROWS = 10_000
/** Optimizer steps in which a small encoder learns what a few thousand texts can teach it. */
const STEPS_FROM_SCRATCH = 2_000
const BALANCE_ABOVE = 5

export function recommend(situation: Situation): Record<string, Recommendation> {
  const rows = situation.version?.rows.train ?? ASSUMED_ROWS
  const start = startSettings(situation.model, rows)
  const batch = start.per_device_train_batch_size!.value as number
  const epochs = start.num_train_epochs!.value as number
  const steps = Math.max(1, Math.ceil(rows / batch) * epochs)
  const all = {
    ...start,
    ...logging(steps),
    ...evaluation(situation),
    ...lengths(situation),
    ...balance(situation),
    ...fullBatches(situation.model, rows, batch),
    ...(situation.model !== null && isRandom(situation.model) ? {} : smallPart(situation)),
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => RUN_CONFIG_KEYS.includes(name)))
}

function startSettings(model: ModelSource | null, rows: number): Record<string, Recommendation> {
  if (model === null || typeof model === 'string') return fromPretrained(rows)
  return isRandom(model) ? fromScratch(model.config, rows) : fromStarter(rows)
}

function fromScratch(config: Record<string, unknown>, rows: number): Record<string, Recommendation> {
  const width = Number(config.hidden_size ?? 128)
  const rate = width <= 256 ? 1e-3 : width <= 512 ? 5e-4 : 1e-4
  const epochs = Math.min(30, Math.max(4, Math.ceil((STEPS_FROM_SCRATCH * 32) / rows)))
  return {
    learning_rate: because(rate, `Random weights, ${width} wide: they take and need larger steps.`),
    per_device_train_batch_size: because(32, 'Steadier gradients at this learning rate.'),
    per_device_eval_batch_size: because(64, 'Evaluation needs no gradients, so more rows fit.'),
    num_train_epochs: because(epochs, `About ${STEPS_FROM_SCRATCH} steps over ${count(rows)} rows.`),
    warmup_steps: because(0.06, 'Adam’s first steps on random weights are too bold without it.'),
    lr_scheduler_type: because('cosine', 'Spends longer at a high rate, ends gently.'),
    weight_decay: because(0.01, 'The usual amount for encoders.'),
  }
}

/** Batch normalisation knows no variance of one row. */
function fullBatches(model: ModelSource | null, rows: number, batch: number): Record<string, Recommendation> {
  const isNormalized = model !== null && isRandom(model) && model.architecture === 'tunesmith-text-cnn'
  if (!isNormalized || rows % batch !== 1 || rows === 1) return {}
  return {
    dataloader_drop_last: because(
      true,
      `The last batch of ${count(rows)} rows has one, too few for batch normalisation.`,
    ),
  }
}

/** Measured on the sample, with 200 rows and with all (model card of the starter). */
function fromStarter(rows: number): Record<string, Recommendation> {
  const epochs = rows < 1_000 ? 20 : rows < 5_000 ? 8 : 3
  return {
    learning_rate: because(5e-4, 'A small encoder takes larger steps than BERT-base, pretrained too.'),
    per_device_train_batch_size: because(rows < 1_000 ? 16 : 32, 'The usual size for fine-tuning.'),
    per_device_eval_batch_size: because(64, 'Evaluation needs no gradients, so more rows fit.'),
    num_train_epochs: because(
      epochs,
      rows < 5_000 ? 'Few rows need more passes.' : 'Enough for this many rows.',
    ),
    warmup_steps: because(0.1, 'Keeps the first steps from undoing the pretraining.'),
    weight_decay: because(0.01, 'The usual amount for encoders.'),
  }
}

function fromPretrained(rows: number): Record<string, Recommendation> {
  const epochs = rows < 1_000 ? 10 : rows < 5_000 ? 5 : 3
  const rate = rows < 5_000 ? 5e-5 : rows < 50_000 ? 3e-5 : 2e-5
  return {
    learning_rate: because(rate, `Pretrained weights, ${count(rows)} rows: 2e-5 to 5e-5 is the usual range.`),
    per_device_train_batch_size: because(rows < 20_000 ? 16 : 32, 'The usual size for fine-tuning.'),
    per_device_eval_batch_size: because(64, 'Evaluation needs no gradients, so more rows fit.'),
    num_train_epochs: because(
      epochs,
      rows < 5_000 ? 'Few rows need more passes.' : 'Enough for this many rows.',
    ),
    warmup_steps: because(0.1, 'Keeps the first steps from undoing the pretraining.'),
    weight_decay: because(0.01, 'The usual amount for encoders.'),
  }
}

/** Few new weights beside frozen ones: Hu et al. 2021 take ten times the rate and more. */
function smallPart({ trains }: Situation): Record<string, Recommendation> {
  if (trains === 'adapter')
    return { learning_rate: because(5e-4, 'An adapter takes about ten times the rate of the whole model.') }
  if (trains === 'head')
    return { learning_rate: because(1e-3, 'A new head above frozen layers takes and needs larger steps.') }
  return {}
}

function logging(steps: number): Record<string, Recommendation> {
  const every = Math.min(50, Math.max(1, Math.round(steps / 250)))
  return { logging_steps: because(every, `A point every ${every} of about ${count(steps)} steps.`) }
}

/** With a problem type that the label column tells where it is left open. */
function problemIn({ task, problem_type, profile, columns }: Situation): Problem {
  const label = profile && completeRoles(columns, profile.columns, task).label
  const column = profile?.columns.find(({ name }) => name === label)
  const told = column?.type === 'list' ? problemTypeOf(column) : null
  return problemOf({ task, problem_type: problem_type ?? told })
}

function evaluation(situation: Situation): Record<string, Recommendation> {
  if (situation.version?.rows.validation === 0) return {}
  const [judged] = HEADLINES[problemIn(situation)]
  const best = 'Ends with the epoch that did best on rows it never saw.'
  return {
    eval_strategy: because('epoch', 'One look at the validation rows after each pass.'),
    save_strategy: because('epoch', 'As often as it is evaluated, so that the best can be kept.'),
    load_best_model_at_end: because(true, best),
    metric_for_best_model: because(judged, best),
    save_total_limit: because(2, 'The best and the last checkpoint are enough.'),
  }
}

/** Words are cut into about 1.4 tokens; two more mark the ends. */
function lengths({ profile, columns, task }: Situation): Record<string, Recommendation> {
  if (!profile) return {}
  const roles = completeRoles(columns, profile.columns, task)
  const wordsOf = (name: string | undefined) =>
    profile.columns.find((column) => column.name === name)?.words?.p95 ?? 0
  const words = wordsOf(roles.text ?? roles.tokens) + wordsOf(roles.text_pair)
  if (words === 0) return {}
  const tokens = 1.4 * words + 3
  const length = [32, 64, 128, 256, 512].find((candidate) => candidate >= tokens) ?? 512
  return { max_length: because(length, `95 % of the texts have at most ${words} words.`) }
}

function balance(situation: Situation): Record<string, Recommendation> {
  const { profile, columns, task } = situation
  if (!profile || problemIn(situation) !== 'single-label') return {}
  const { label } = completeRoles(columns, profile.columns, task)
  const counts =
    profile.columns.find((column) => column.name === label)?.values.map((value) => value.count) ?? []
  if (counts.length < 2) return {}
  const ratio = Math.max(...counts) / Math.min(...counts)
  if (ratio < BALANCE_ABOVE) return {}
  return {
    class_weights: because(
      'balanced',
      `The largest class has ${Math.round(ratio)} times the rows of the smallest.`,
    ),
  }
}

function because(value: unknown, why: string): Recommendation {
  return { value, why }
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
