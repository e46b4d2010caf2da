/** The `script-files` task: `data/` (rows as JSON lines), `model/` (the weights a run starts from), `adapter/`. */
import { join } from 'node:path'
import { requireTransformersModel } from '../../../shared/script/trainerScript'
import { writeFolder } from '../../engine/checkpoint/folderWriter'
import { openModel, type OpenModel } from '../../engine/models/open'
import { writeAdapterModel, writeModel } from '../../engine/models/save'
import { elements } from '../../engine/nn/parameter'
import type { ScriptFilesTask, TaskResults } from '../protocol'
import type { SplitRows } from '../run/dataset'
import { prepareRun, type PreparedRun } from '../run/prepare'
import type { TaskContext } from '../serve'

/** @throws UserError as a run would, and `unsupported` for models of the studio's own format */
export async function scriptFilesTask(
  task: ScriptFilesTask,
  context: TaskContext,
): Promise<TaskResults['script-files']> {
  const { spec, data } = await prepareRun(task, context)
  const opened = await openModel(spec.origin, optionsOf({ spec }))
  requireTransformersModel(opened.architecture.id)
  let sizeBytes = await writeFolder(join(task.outputDir, 'data'), async (writer) => {
    for (const rows of [data.train, data.validation])
      if (rows.texts.length > 0) await writer.bytes(`${rows.split}.jsonl`, jsonLines(rows))
  })
  context.progress(1, 2, 'folders')
  const base = opened.lora ? await baseOf(opened, { spec }) : opened
  const ownValues = await valuesOf(base, spec.config.seed)
  sizeBytes += await writeFolder(join(task.outputDir, 'model'), async (writer) => {
    await writeModel(writer, base, ownValues)
    for (const [name, from] of Object.entries(spec.tokenizerFiles)) await writer.copy(name, from)
  })
  const { lora } = opened
  if (lora) {
    const values = await valuesOf(opened, spec.config.seed)
    const beside = { ...opened, weightsDir: join('..', 'model') }
    sizeBytes += await writeFolder(join(task.outputDir, 'adapter'), (writer) =>
      writeAdapterModel(writer, beside, lora, values),
    )
  }
  context.progress(2, 2, 'folders')
  return { sizeBytes }
}

function optionsOf({ spec: { objective, labels, config } }: Pick<PreparedRun, 'spec'>) {
  return { objective, labels, overrides: config.config_overrides, adapter: config.adapter }
}

/** The frozen weights alone, with the new head that the adapter's run begins with. */
function baseOf({ weightsDir }: OpenModel, prepared: Pick<PreparedRun, 'spec'>): Promise<OpenModel> {
  return openModel({ kind: 'folder', dir: weightsDir! }, { ...optionsOf(prepared), adapter: null })
}

async function valuesOf(opened: OpenModel, seed: number): Promise<(name: string) => Float32Array> {
  const values = new Map(
    opened.model.parameters.map((spec) => [spec.name, new Float32Array(elements(spec))] as const),
  )
  const valueOf = (name: string) => values.get(name)!
  await opened.fill(valueOf, seed)
  return valueOf
}

function jsonLines({ texts, pairs, tokens, references }: SplitRows): string {
  const lines = texts.map((text, row) =>
    JSON.stringify({
      ...(tokens ? { tokens: tokens[row], tags: references[row] } : { text }),
      ...(pairs && { text_pair: pairs[row] }),
      ...(!tokens && references.length > 0 && { label: references[row] }),
    }),
  )
  return `${lines.join('\n')}\n`
}
