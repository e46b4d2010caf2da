/** Tasks about tokenizers, and what they answer. */
import type {
  ShownToken,
  TokenizerFacts,
  TokenizerStatistics,
  TrainTokenizerOptions,
  WordSteps,
} from '../../shared/domain/tokenizer'

interface OpenTokenizerTask {
  kind: 'open-tokenizer'
  /** A folder, or one of a tokenizer's files. */
  path: string
}
interface TrainTokenizerTask {
  kind: 'train-tokenizer'
  datasetFile: string
  column: string
  options: TrainTokenizerOptions
  outputDir: string
}
interface TokenizeTask {
  kind: 'tokenize'
  path: string
  lines: string[]
  addSpecialTokens: boolean
  /** A line whose words are taken apart step by step. */
  stepsOf: string | null
}
interface TokenizerStatisticsTask {
  kind: 'tokenizer-statistics'
  path: string
  datasetFile: string
  column: string
  maxLength: number
}

export type TokenizerTasks = OpenTokenizerTask | TrainTokenizerTask | TokenizeTask | TokenizerStatisticsTask

export interface TokenizerResults {
  'open-tokenizer': TokenizerFacts
  'train-tokenizer': { facts: TokenizerFacts; rows: number; seconds: number }
  tokenize: { lines: ShownToken[][]; steps: WordSteps[] }
  'tokenizer-statistics': TokenizerStatistics
}
