/** What is measured: encoders, rows, modes. One case is one child process, so that its peak memory is its own. */

export type Mode = 'forward' | 'forward_backward' | 'optimizer_step'

/** What of the model trains: see `train/trainable`. */
export type Trains = 'all' | 'last 2 layers' | 'lora' | 'head' | 'head, kept features'

export interface Case {
  workload: WorkloadName
  mode: Mode
  trains: Trains
  dropout: number
  numThreads: number
  /** How often the whole measurement is repeated inside the process; the fastest and the median are told. */
  rounds: number
  /** JSON Lines of `{input_ids, labels}`, for a workload with real rows. */
  rowsFile: string | null
}

export interface Workload {
  title: string
  /** Fields of a Hugging Face BertConfig. */
  config: Record<string, number | string>
  numLabels: number
  batchSize: number
  /** Every row of this many tokens, or the rows of the sample with the lengths they have. */
  rows: { length: number } | { sample: 'semantic-fields' }
  /** Steps of one round. */
  steps: number
  /** Measured in these modes and dropouts. */
  kinds: readonly (readonly [Mode, number])[]
  /** Whole steps where only a part trains, measured too. */
  parts: readonly Trains[]
}

/** Every mode without dropout, then those that draw masks with it. */
const EVERY_KIND = [
  ['forward', 0],
  ['forward_backward', 0],
  ['optimizer_step', 0],
  ['forward_backward', 0.1],
  ['optimizer_step', 0.1],
] as const

const EVERY_PART = ['last 2 layers', 'lora', 'head', 'head, kept features'] as const

/** The encoder that the sample run trains (FACTS: 2 layers, 128 wide, WordPiece of 8000). */
const SAMPLE_ENCODER = {
  vocab_size: 8000,
  hidden_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 512,
  max_position_embeddings: 128,
}

const MINI_LM = {
  vocab_size: 30522,
  hidden_size: 384,
  num_hidden_layers: 6,
  num_attention_heads: 12,
  intermediate_size: 1536,
  max_position_embeddings: 512,
}

export const WORKLOADS = {
  encoder: {
    title: '6 layers × 384, batch 16 × 128 tokens',
    config: MINI_LM,
    numLabels: 12,
    batchSize: 16,
    rows: { length: 128 },
    steps: 3,
    kinds: EVERY_KIND,
    parts: EVERY_PART,
  },
  'bert-base': {
    title: 'BERT-base, batch 16 × 128 tokens',
    config: {},
    numLabels: 12,
    batchSize: 16,
    rows: { length: 128 },
    steps: 1,
    // Minutes a case: what a fine-tuning does, and its matrix products alone.
    kinds: [
      ['forward_backward', 0],
      ['optimizer_step', 0.1],
    ],
    parts: EVERY_PART,
  },
  sample: {
    title: '2 layers × 128, batch 32, the sample’s real lengths',
    config: SAMPLE_ENCODER,
    numLabels: 12,
    batchSize: 32,
    rows: { sample: 'semantic-fields' },
    steps: 60,
    kinds: EVERY_KIND,
    parts: [],
  },
} satisfies Record<string, Workload>

export type WorkloadName = keyof typeof WORKLOADS

export function workloadNamed(name: WorkloadName): Workload {
  return WORKLOADS[name]
}

/** The kinds of each workload, then its whole steps in which only a part trains. */
export function allCases(
  numThreads: number,
  rounds: number,
  only: readonly string[],
  rowsFile: string,
): Case[] {
  const names = (Object.keys(WORKLOADS) as WorkloadName[]).filter(
    (name) => only.length === 0 || only.includes(name),
  )
  return names.flatMap((workload) => {
    const { kinds, parts, rows } = workloadNamed(workload)
    const common = { workload, numThreads, rounds, rowsFile: 'sample' in rows ? rowsFile : null }
    return [
      ...kinds.map(([mode, dropout]) => ({ ...common, mode, dropout, trains: 'all' as const })),
      ...parts.map((trains) => ({ ...common, mode: 'optimizer_step' as const, dropout: 0.1, trains })),
    ]
  })
}
