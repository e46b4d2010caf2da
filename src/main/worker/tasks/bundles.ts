/** The `export`, `verify` and `inspect` tasks. */
import { createRequire } from 'node:module'
import { basename, isAbsolute } from 'node:path'
import type { CellValue } from '../../../shared/domain/dataset'
import type { RunConfig } from '../../../shared/domain/runConfig'
import { exportBundle } from '../../engine/bundle/exportBundle'
import type { TextRow } from '../../engine/bundle/parity'
import { verifyBundle } from '../../engine/bundle/verifyBundle'
import { openModel, summaryOf } from '../../engine/models/open'
import { openVersionFile } from '../../data/file/openVersion'
import type { ExportTask, InspectTask, TaskResults, VerifyTask } from '../protocol'
import { rolesOf } from '../run/dataset'
import { hasTokenizer } from '../run/tokenizer'
import type { TaskContext } from '../serve'

const PARITY_ROWS = 64
/** Fields of configs, facts and events that may name a file of this machine. */
const PLACES = ['path', 'output_dir', 'model', 'tokenizer', 'train', 'validation', 'test']

export async function exportTask(task: ExportTask, context: TaskContext): Promise<TaskResults['export']> {
  const { modelDir, outputDir, datasetFile, run } = task
  const { sizeBytes, sha256, parity } = await exportBundle(
    {
      modelDir,
      outputDir,
      run: withoutPlaces(run),
      rows: datasetFile === null ? [] : await heldOutRows(datasetFile, run.config, context.signal),
      versions: { ...environmentOf(run.facts), 'onnxruntime-node': runtimeVersion() },
    },
    { signal: context.signal, onProgress: (done, total) => context.progress(done, total, 'files') },
  )
  return { sizeBytes, sha256, parity }
}

export async function verifyTask(
  { bundleDir }: VerifyTask,
  context: TaskContext,
): Promise<TaskResults['verify']> {
  let done = 0
  return verifyBundle(bundleDir, {
    signal: context.signal,
    onFile: () => context.progress(done++, null, 'files'),
  })
}

export async function inspectTask({ modelDir }: InspectTask): Promise<TaskResults['inspect']> {
  const opened = await openModel({ kind: 'folder', dir: modelDir })
  return {
    path: modelDir,
    architecture: opened.architecture.id,
    summary: summaryOf(opened),
    labels: [...opened.labels],
    hasTokenizer: hasTokenizer(modelDir),
  }
}

/** The first validation rows, or training rows where there are none. */
async function heldOutRows(datasetFile: string, config: RunConfig, signal: AbortSignal): Promise<TextRow[]> {
  const file = openVersionFile(datasetFile)
  try {
    const roles = await rolesOf(file, config.columns, config.task, signal)
    const rows: TextRow[] = []
    const cell = (cells: Record<string, CellValue>, name: string | undefined) =>
      name === undefined ? null : (cells[name] ?? null)
    for (const { cells } of file.iterate(file.meta.rows.validation > 0 ? 'validation' : 'train')) {
      if (rows.length === PARITY_ROWS) break
      const [text, pair] = [cell(cells, roles.text ?? roles.tokens), cell(cells, roles.text_pair)]
      if (text === null) continue
      rows.push({
        text: (Array.isArray(text) ? text.map(String).join(' ') : String(text)).trim(),
        ...(pair !== null && { text_pair: String(pair).trim() }),
      })
    }
    return rows
  } finally {
    file.close()
  }
}

/** A bundle is made to be given away: where files lay on this machine stays here. */
function withoutPlaces<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, field: unknown) =>
      PLACES.includes(key) && typeof field === 'string' && isAbsolute(field) ? basename(field) : field,
    ),
  ) as T
}

function environmentOf(facts: Record<string, unknown>): Record<string, string> {
  const { environment } = facts
  if (typeof environment !== 'object' || environment === null) return { Node: process.versions.node }
  return Object.fromEntries(Object.entries(environment).map(([name, version]) => [name, String(version)]))
}

function runtimeVersion(): string {
  const require = createRequire(import.meta.url)
  return (require('onnxruntime-node/package.json') as { version: string }).version
}
