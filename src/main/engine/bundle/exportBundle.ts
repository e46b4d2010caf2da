/**
 * A finished run's model as one folder that Transformers, transformers.js and bare onnxruntime load and the studio takes
 * back (DESIGN.md, "The bundle"). It ends by loading every file again and comparing the answers.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ParityRow } from '../../../shared/domain/bundle'
import type { EvalMetrics, RunEvent } from '../../../shared/domain/run'
import type { RunConfig } from '../../../shared/domain/runConfig'
import { UserError } from '../../../shared/errors'
import { summaryOf } from '../models/open'
import { quantizeDynamic } from '../onnx/quantizeDynamic'
import { tokenizerFiles } from '../tokenize/save'
import { BundleFolder } from './bundleFolder'
import { bundleParity } from './bundleParity'
import { type ClassifierFolder, engineLogits, openClassifier } from './classifierFolder'
import { ONNX_FILE, PARITY_FILE, QUANTIZED_FILE, WEIGHTS_FILE } from './files'
import { modelCard } from './modelCard'
import { onnxInputs, onnxModel } from './onnxModel'
import { type TextRow, tokenRows } from './parity'

export interface ExportSpec {
  /** The run's model in Hugging Face layout. */
  modelDir: string
  outputDir: string
  run: {
    id: string
    name: string
    config: RunConfig
    metrics: EvalMetrics
    facts: Record<string, unknown>
    log: readonly RunEvent[]
  }
  /** Rows for the parity check: the user's own, or none (then made-up ones). */
  rows: readonly TextRow[]
  versions: Record<string, string>
}

export interface ExportHooks {
  signal?: AbortSignal
  /** `stage` names the file in work. */
  onProgress?: (done: number, total: number, stage: string) => void
}

export interface ExportResult {
  sizeBytes: number
  /** Of SHA256SUMS: one figure for the whole bundle. */
  sha256: string
  parity: ParityRow[]
}

const STAGES = 8

/** @throws UserError `conflict` where the folder is somebody else's, `corrupt` where a file fails its parity check. */
export async function exportBundle(spec: ExportSpec, hooks: ExportHooks = {}): Promise<ExportResult> {
  const progress = stages(hooks)
  progress('model')
  const source = await openClassifier(spec.modelDir)
  const folder = await BundleFolder.create(spec.outputDir)
  try {
    await writeModelFiles(folder, source, spec, progress)
    const rows = spec.rows.length > 0 ? spec.rows : madeUpRows(source.tokenizer)
    const tokens = tokenRows(source, rows, Math.min(spec.run.config.max_length, source.maxLength))
    const logits = await engineLogits(source, tokens, hooks.signal)
    const parity = await bundleParity(folder.draft, rows, { tokens, logits }, { ...hooks, onFile: progress })
    refuseFailures(parity, spec.outputDir)
    await writeStudioFiles(folder, source, spec, parity)
    progress('checksums')
    const { sizeBytes, sums } = await folder.commit()
    hooks.onProgress?.(STAGES, STAGES, 'done')
    return { sizeBytes, sha256: createHash('sha256').update(sums).digest('hex'), parity }
  } catch (error) {
    await folder.discard()
    throw error
  }
}

async function writeModelFiles(
  folder: BundleFolder,
  source: ClassifierFolder,
  { modelDir, run }: ExportSpec,
  progress: (stage: string) => void,
): Promise<void> {
  await folder.json('config.json', source.opened.config)
  await folder.copy(WEIGHTS_FILE, join(modelDir, WEIGHTS_FILE))
  for (const [name, text] of tokenizerFiles(source.tokenizer, run.config.max_length)) {
    const own = join(modelDir, name)
    await (existsSync(own) ? folder.copy(name, own) : folder.write(name, text))
  }
  progress(ONNX_FILE)
  const onnx = onnxModel(source.opened.model, source.weights)
  await folder.write(ONNX_FILE, onnx)
  progress(QUANTIZED_FILE)
  await folder.write(QUANTIZED_FILE, quantizeDynamic(onnx))
}

async function writeStudioFiles(
  folder: BundleFolder,
  source: ClassifierFolder,
  { run, versions }: ExportSpec,
  parity: ParityRow[],
): Promise<void> {
  const { architecture, labels } = source.opened
  await folder.write(
    'README.md',
    modelCard({
      ...run,
      dataset: datasetName(run),
      labels,
      maskToken: source.tokenizer.specialTokens.mask?.token ?? null,
      parity,
      versions,
      modelType: architecture.id,
      onnxInputs: onnxInputs(source.opened.model),
      isOwnFormat: architecture.isOwnFormat ?? false,
      summary: summaryOf(source.opened),
    }),
  )
  const { id, name, config: runConfig, metrics, facts, log } = run
  await folder.json('studio/run.json', { id, name, config: runConfig, facts, versions })
  const baselines = log.flatMap((event) =>
    event.event === 'baseline' ? [{ name: event.name, metrics: event.metrics }] : [],
  )
  await folder.json('studio/metrics.json', { metrics, baselines })
  await folder.json('studio/data_manifest.json', {
    dataset: runConfig.dataset,
    columns: runConfig.columns,
    labels,
    ...pick(facts, ['train_rows', 'validation_rows', 'data_sha256', 'tokenizer_sha256']),
  })
  await folder.write('studio/train_log.jsonl', log.map((event) => `${JSON.stringify(event)}\n`).join(''))
  await folder.json(PARITY_FILE, parity)
}

function datasetName({ config: { dataset }, facts }: ExportSpec['run']): string {
  if (typeof facts['dataset'] === 'string') return facts['dataset']
  if ('sample' in dataset) return dataset.sample
  return 'train' in dataset ? basename(dataset.train) : 'a dataset of the studio'
}

function refuseFailures(parity: readonly ParityRow[], outputDir: string): void {
  const failed = parity.find((row) => !row.passed)
  if (!failed) return
  throw new UserError(
    'corrupt',
    `${failed.file} does not answer as the run does. ${failed.note ?? ''}`.trim(),
    {
      where: { file: outputDir },
      hint: 'Nothing was exported. This is a fault of the export, not of the run; please report it.',
    },
  )
}

const MADE_UP_ROWS = 32

/** Rows of words from the vocabulary, of lengths 1 to 32: the same for the same tokenizer. */
export function madeUpRows({ parts }: ClassifierFolder['tokenizer']): TextRow[] {
  const words = [...parts.model.vocab.keys()].filter((token) => /^[\p{L}\p{N}]+$/u.test(token))
  let state = 1
  const next = () => words[(state = (state * 48271) % 0x7fffffff) % words.length] ?? ''
  return Array.from({ length: MADE_UP_ROWS }, (_, row) => ({
    text: Array.from({ length: row + 1 }, next).join(' '),
  }))
}

function stages({ signal, onProgress }: ExportHooks): (stage: string) => void {
  let done = 0
  return (stage) => {
    signal?.throwIfAborted()
    onProgress?.(done++, STAGES, stage)
  }
}

function pick(record: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => key in record).map((key) => [key, record[key]]))
}
