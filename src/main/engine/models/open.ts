/**
 * A model to start from: a Hugging Face folder, or an architecture with random weights. Opening reads config.json and
 * the headers only; `fill` reads or draws the weights into memory that the caller owns.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoraSettings } from '../../../shared/domain/transfer'
import { UserError } from '../../../shared/errors'
import { readAdapterFolder } from '../checkpoint/adapterFolder'
import { ioError } from '../checkpoint/ioError'
import { withSafetensors } from '../checkpoint/safetensors'
import { listTensors, type StoredTensor } from '../checkpoint/weightFiles'
import { initialize } from '../nn/initialize'
import { elements, type ParameterSpec } from '../nn/parameter'
import { besideWeights, mergedInto } from './adapted'
import { problemOfModel } from '../../../shared/domain/tasks'
import type { Objective } from '../objectives/objective'
import { OBJECTIVES } from '../objectives/registry'
import { type Architecture, createModel, headFor, type TaskModel } from './architecture'
import { configLabels, labelFields } from './labels'
import type { Lora } from './lora'
import { architectureNamed, checkModelConfig, overrideConfig } from './registry'

export type ModelOrigin =
  { kind: 'folder'; dir: string } | { kind: 'random'; architecture: string; config: Record<string, unknown> }

export interface OpenOptions {
  /** What it is to answer; default: what the folder's config names. */
  objective?: Objective
  /** Class labels in id order; default: those of the folder's config. */
  labels?: readonly string[]
  /** Fields of config.json to change. */
  overrides?: Record<string, unknown>
  /** Opens with this adapter beside the weights; an adapter folder without it is merged into its base. */
  adapter?: LoraSettings | null
}

export interface OpenModel {
  readonly architecture: Architecture
  readonly objective: Objective
  readonly model: TaskModel
  readonly labels: readonly string[]
  /** What config.json will hold: the folder's own fields, labels and class name set. */
  readonly config: Record<string, unknown>
  /** Parameters that the folder does not hold. */
  readonly fresh: readonly string[]
  /** Folder of the weights, or of the base of an adapter. */
  readonly weightsDir: string | undefined
  /** The adapter that trains beside the weights. */
  readonly lora?: Lora
  /** Puts every parameter's values into `target(name)`; new ones are drawn from `seed`. Returns notes for the user. */
  fill(target: (name: string) => Float32Array, seed: number): Promise<string[]>
}

/** @throws UserError naming the file and field that is missing, unknown, damaged or does not fit. */
export async function openModel(origin: ModelOrigin, options: OpenOptions = {}): Promise<OpenModel> {
  const given = origin.kind === 'folder' ? origin.dir : undefined
  const saved = given === undefined ? undefined : await readAdapterFolder(given)
  const folder = saved?.baseDir ?? given
  const configDir = saved?.hasModelConfig ? given : folder
  const raw = configDir === undefined ? originConfig(origin) : await readModelConfig(configDir)
  const architecture = architectureNamed(raw['model_type'], configDir && join(configDir, 'config.json'))
  const objective = options.objective ?? OBJECTIVES[problemOfModel(raw)]
  const { task, problemType } = objective
  const changed = overrideConfig(architecture, raw, options.overrides ?? {})
  const labels =
    task === 'masked-lm' ? [] : (options.labels ?? configLabels(changed) ?? ['LABEL_0', 'LABEL_1'])
  const checked = checkModelConfig(architecture, changed) as Record<string, unknown>
  const model = createModel(architecture, checked, task, labels.length)
  const config: Record<string, unknown> = {
    ...withoutAnswers(checked),
    architectures: [headFor(architecture, task).className],
    model_type: architecture.id,
    ...(labels.length > 0 && labelFields(labels)),
    ...(problemType !== null && { problem_type: problemType }),
    dtype: 'float32',
  }
  const tensors = folder === undefined ? undefined : await listTensors(folder)
  const plan = planFill(model, tensors, folder, hasSameLabels(raw, labels))
  const opened: OpenModel = {
    architecture,
    objective,
    model,
    labels,
    config,
    fresh: plan.fresh.map(({ name }) => name),
    weightsDir: folder,
    async fill(target, seed) {
      for (const spec of plan.fresh) initialize(spec, target(spec.name), seed)
      for (const [file, members] of plan.byFile)
        await withSafetensors(file, async (reader) => {
          for (const { spec, storedAs } of members) await reader.readFloat32(storedAs, target(spec.name))
        })
      return plan.notes
    },
  }
  if (options.adapter) return besideWeights(opened, options.adapter, saved)
  return saved ? mergedInto(opened, saved) : opened
}

/** What the config says of answers is of the task it was made for. */
function withoutAnswers(config: Record<string, unknown>): Record<string, unknown> {
  const fields = ['problem_type', 'num_labels', 'id2label', 'label2id']
  return Object.fromEntries(Object.entries(config).filter(([field]) => !fields.includes(field)))
}

function originConfig(origin: ModelOrigin): Record<string, unknown> {
  return origin.kind === 'random' ? { ...origin.config, model_type: origin.architecture } : {}
}

/** config.json as it is. */
export async function readModelConfig(folder: string): Promise<Record<string, unknown>> {
  const file = join(folder, 'config.json')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw ioError(error, file)
  }
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // Falls through to the refusal below.
  }
  throw new UserError('corrupt', 'config.json is not a JSON object.', { where: { file } })
}

function hasSameLabels(raw: Record<string, unknown>, labels: readonly string[]): boolean {
  const own = configLabels(raw)
  return own === undefined || own.every((label, id) => label === labels[id] || label === `LABEL_${id}`)
}

interface FillPlan {
  fresh: ParameterSpec[]
  byFile: Map<string, { spec: ParameterSpec; storedAs: string }[]>
  notes: string[]
}

function planFill(
  model: TaskModel,
  tensors: ReadonlyMap<string, StoredTensor> | undefined,
  folder: string | undefined,
  keepLabels: boolean,
): FillPlan {
  if (!tensors) return { fresh: [...model.parameters], byFile: new Map(), notes: [] }
  const plan: FillPlan = { fresh: [], byFile: new Map(), notes: [] }
  const used = new Set<string>()
  const missing: string[] = []
  const { labelsPrefix, tied = {} } = model.head
  const tiedNames = (name: string) => Object.keys(tied).filter((stored) => tied[stored] === name)
  let isHeadNew = false
  for (const spec of model.parameters) {
    const isOfLabels = labelsPrefix !== undefined && spec.name.startsWith(labelsPrefix)
    const entry = [...storedNames(spec.name, model.encoder.basePrefix), ...tiedNames(spec.name)]
      .map((name) => tensors.get(name))
      .find((found) => found !== undefined)
    if (entry) used.add(entry.name)
    const fits = entry !== undefined && entry.shape.join() === spec.shape.join()
    if (fits && (!isOfLabels || keepLabels)) {
      const members = plan.byFile.get(entry.file) ?? []
      members.push({ spec, storedAs: entry.name })
      plan.byFile.set(entry.file, members)
      continue
    }
    if (entry && !fits && !isOfLabels)
      throw new UserError(
        'bad-input',
        `${entry.name} is [${entry.shape.join(',')}] in the file and [${spec.shape.join(',')}] by config.json.`,
        { where: { file: entry.file }, hint: 'config.json and model.safetensors do not belong together.' },
      )
    if (isOfLabels) isHeadNew = true
    else missing.push(spec.name)
    plan.fresh.push(spec)
  }
  const absent = new Set(missing)
  const trunk = model.encoder.parameters
  if (used.size === 0 || trunk.filter(({ name }) => absent.has(name)).length > trunk.length / 2)
    throw new UserError('bad-input', 'The weights are of another model: hardly any name fits config.json.', {
      where: { file: folder ?? '' },
      hint: `Expected names such as ${model.parameters[0]!.name}.`,
    })
  if (isHeadNew) plan.notes.push('The classifier is new: it starts from random weights.')
  if (missing.length > 0)
    plan.notes.push(`Not in the file, started from random weights: ${shortList(missing)}.`)
  const unused = [...tensors.keys()].filter((name) => !used.has(name) && !(name in tied) && !isBuffer(name))
  if (unused.length > 0)
    plan.notes.push(`In the file, not part of a classifier, left out: ${shortList(unused)}.`)
  return plan
}

/** Names under which files of this family hold a parameter: with and without prefix, TensorFlow's norm names. */
function storedNames(name: string, basePrefix: string): string[] {
  const bare = name.startsWith(basePrefix) ? [name, name.slice(basePrefix.length)] : [name]
  return bare.flatMap((n) => [
    n,
    n.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
  ])
}

/** Positions and types that older versions of Transformers stored with the weights. */
function isBuffer(name: string): boolean {
  return /(^|\.)(position_ids|token_type_ids)$/.test(name)
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown
}

/** As `bert, 6 layers × 384, 22.7 M parameters`. */
export function summaryOf({
  architecture,
  config,
  model,
}: Pick<OpenModel, 'architecture' | 'config' | 'model'>): string {
  const count = parameterCount(model)
  const size = count >= 1e6 ? `${(count / 1e6).toPrecision(3)} M` : `${(count / 1e3).toPrecision(3)} k`
  return `${architecture.describe(config)}, ${size} parameters`
}

export function parameterCount(model: TaskModel): number {
  return model.parameters.reduce((n, spec) => n + elements(spec), 0)
}
