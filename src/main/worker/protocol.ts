/**
 * Messages between main (or the command line) and a worker process. Two entries, one protocol: `engine` trains and
 * predicts, `jobs` imports, exports and verifies. A worker owns no database; it reads dataset files and writes folders.
 */
import type { UserErrorData } from '../../shared/errors'
import type { Demonstration, DemonstrationResults } from '../../shared/domain/demonstration'
import type { RunConfig } from '../../shared/domain/runConfig'
import type { EvalMetrics, Prediction, RunEvent } from '../../shared/domain/run'
import type { CellValue, DatasetProfile } from '../../shared/domain/dataset'
import type { ParityRow, VerifyReport } from '../../shared/domain/bundle'
import type { ModelFolder } from '../../shared/ipc/models'
import type { RangeTest } from '../../shared/lrRangeTest'
import type { Estimate, RateSweep } from '../../shared/ipc/runs'
import type { ProviderStatus } from '../../shared/domain/machine'
import type { Measured } from '../../shared/domain/significance'
import type { RunId } from '../../shared/ids'
import type { Params } from '../../shared/domain/searchSpace'
import type { ImportanceName, SamplerConfig } from '../../shared/domain/study'
import type { History } from '../tuner/history'
import type { AugmentResults, AugmentTasks } from './augment/tasks'
import type { DeriveTask, DrawRowsTask, ImportTask, MadeVersion, ProfileTask } from './datasetTasks'
import type { TokenizerResults, TokenizerTasks } from './tokenizerTasks'

export type WorkerEntry = 'engine' | 'jobs'

/** In the folder of a run: its tokenizer, given or trained. */
export const TOKENIZER_FOLDER = 'tokenizer'

/** Everything a run needs, as absolute paths; nothing is looked up elsewhere. */
export interface RunTask {
  kind: 'run'
  runId: RunId
  config: RunConfig
  /** The sealed dataset version file. */
  datasetFile: string
  /** Folder the run owns: tokenizer/, checkpoints/, model/, log. */
  runDir: string
  /** Where tokenized rows are cached, keyed by data and tokenizer hash. */
  cacheDir: string
  /** Folder of the model to start from, where config.model is not random: a folder, run, checkpoint, bundle or starter. */
  modelDir: string | null
  /** Checkpoint folders to go on from, newest first: the first that is whole is taken. None for a new run. */
  resumeFrom: readonly string[]
  /** A study's trial: it is compared with other trials, not with baselines. */
  isTrial: boolean
}

/** A model to use: a folder in Hugging Face layout (run's model, checkpoint, bundle), or a bundle's ONNX file. */
export interface PredictTask {
  kind: 'predict'
  modelDir: string
  /** Rows in reading order. */
  rows: RowToAsk[]
  batchSize: number
  numThreads: number | null
}

export interface RowToAsk {
  text: string
  text_pair?: string
  /** Where tokens are tagged; a text alone is cut at its spaces. */
  tokens?: string[]
  /** The cell with the true answer; only for eval. */
  label?: CellValue
}

export interface EvaluateTask extends Omit<PredictTask, 'kind'> {
  kind: 'evaluate'
  /** How labels are read, and which tokens of the rows are masked. */
  settings: Pick<RunConfig, 'label_delimiter' | 'mlm_probability' | 'whole_word' | 'seed'>
}

export interface EstimateTask extends Omit<RunTask, 'kind' | 'resumeFrom' | 'isTrial'> {
  kind: 'estimate'
}

/** Tasks that begin as a run does: rows, tokens, a model. */
export type PreparedTask = RunTask | EstimateTask | LrFindTask | ScriptFilesTask

/** The learning-rate range test: `steps` rates from `from` to `to`. */
export interface LrFindTask extends Omit<EstimateTask, 'kind'>, RateSweep {
  kind: 'lr-find'
}

/** What lies beside a script of the run for another trainer: rows, weights before the first step, tokenizer. */
export interface ScriptFilesTask extends Omit<EstimateTask, 'kind'> {
  kind: 'script-files'
  outputDir: string
}

export interface ExportTask {
  kind: 'export'
  modelDir: string
  outputDir: string
  /** Goes to studio/run.json and the model card. */
  run: {
    id: RunId
    name: string
    config: RunConfig
    metrics: EvalMetrics
    facts: Record<string, unknown>
    log: RunEvent[]
  }
  /** Rows for the parity check; taken from this dataset's validation (or train) split. */
  datasetFile: string | null
}

/** Compares files of answers: each of `others` with the first. */
export interface PairAnswersTask {
  kind: 'pair-answers'
  first: string
  others: string[]
}

/** What two runs answered to the rows that both were asked. */
export interface PairedAnswers {
  /** None where the two share no row. */
  measured: Measured[]
  shared: number
  firstRows: number
  secondRows: number
}

export interface VerifyTask {
  kind: 'verify'
  bundleDir: string
}
export interface InspectTask {
  kind: 'inspect'
  modelDir: string
}
export interface CheckProviderTask {
  kind: 'check-provider'
  name: ProviderStatus['name']
}
export interface DemonstrateTask {
  kind: 'demonstrate'
  asked: Demonstration
  /** The masked language model that is asked about sentences. */
  modelDir: string
}
export interface GemmRateTask {
  kind: 'gemm-rate'
  numThreads: number | null
}

/** A sampler's next proposal, where that takes longer than the main process may be busy. */
export interface SuggestTask {
  kind: 'suggest'
  sampler: SamplerConfig
  seed: number
  history: History
  number: number
}
export interface ImportanceTask {
  kind: 'importance'
  evaluator: ImportanceName
  history: History
}

/** Result type of every task, by its kind. */
export interface TaskResults extends AugmentResults, TokenizerResults {
  run: { state: 'completed' | 'stopped' | 'cancelled' | 'failed' }
  predict: { predictions: Prediction[] }
  evaluate: { metrics: EvalMetrics }
  estimate: Estimate
  'lr-find': RangeTest
  import: MadeVersion
  derive: MadeVersion
  profile: Omit<DatasetProfile, 'version'>
  'draw-rows': { rows: Record<'train' | 'validation' | 'test', number> }
  export: { sizeBytes: number; sha256: string; parity: ParityRow[] }
  'script-files': { sizeBytes: number }
  verify: VerifyReport
  'pair-answers': { pairs: PairedAnswers[] }
  inspect: ModelFolder
  demonstrate: { answer: DemonstrationResults[Demonstration['kind']] }
  'check-provider': ProviderStatus
  'gemm-rate': { gflops: number }
  suggest: { params: Params }
  importance: { shares: { parameter: string; share: number }[] }
}
export type TaskKind = keyof TaskResults
export type Task =
  | RunTask
  | PredictTask
  | EvaluateTask
  | EstimateTask
  | LrFindTask
  | ImportTask
  | ProfileTask
  | DeriveTask
  | DrawRowsTask
  | AugmentTasks
  | ExportTask
  | ScriptFilesTask
  | VerifyTask
  | PairAnswersTask
  | InspectTask
  | TokenizerTasks
  | DemonstrateTask
  | CheckProviderTask
  | GemmRateTask
  | SuggestTask
  | ImportanceTask

export type ToWorker =
  | { type: 'task'; task: Task }
  /** Finish the step, write a checkpoint where there is one to write, end as cancelled. */
  | { type: 'cancel' }
  /** Finish the step, write the model, end as stopped for this reason. */
  | { type: 'stop'; reason: string }
  | { type: 'pause' }
  | { type: 'unpause' }
  /** Exit now that there is nothing to do. */
  | { type: 'exit' }

export type FromWorker =
  | { type: 'ready' }
  | { type: 'event'; event: RunEvent }
  | { type: 'progress'; done: number; total: number | null; unit: string }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; text: string }
  | { type: 'done'; kind: TaskKind; result: TaskResults[TaskKind] }
  | { type: 'failed'; error: UserErrorData; bug: boolean }

/**
 * The port services use to start a worker; implemented by worker/electronHost (utilityProcess) in the app and by
 * worker/nodeHost (child process) under plain Node.
 */
export interface WorkerHandle {
  readonly pid: number
  send(message: ToWorker): void
  onMessage(listener: (message: FromWorker) => void): void
  /** Called once when the process is gone, however that came. */
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void
  kill(): void
}
export type SpawnWorker = (entry: WorkerEntry) => WorkerHandle
