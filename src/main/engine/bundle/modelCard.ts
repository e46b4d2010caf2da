/**
 * The bundle's README.md: a Hugging Face model card (YAML front matter with model-index, then what, how good, on what,
 * how to use it). Layout after the card that the Transformers Trainer writes.
 */
import { basename } from 'node:path'
import type { ParityRow } from '../../../shared/domain/bundle'
import type { EvalMetrics, RunEvent } from '../../../shared/domain/run'
import { DEFAULT_ARGUMENTS, isRandom, type RunConfig } from '../../../shared/domain/runConfig'
import { problemOf } from '../../../shared/domain/tasks'
import type { TrainingArgumentName } from '../../../shared/domain/trainingArguments'
import { CARD_TASKS } from './cardTask'

export interface CardFacts {
  name: string
  /** Name of the dataset, for people. */
  dataset: string
  config: RunConfig
  metrics: EvalMetrics
  log: readonly RunEvent[]
  /** None where answers are tokens. */
  labels: readonly string[]
  /** What stands for a masked token. */
  maskToken: string | null
  modelType: string
  /** Inputs of the ONNX file. */
  onnxInputs: readonly string[]
  /** Whether Transformers has no class for it. */
  isOwnFormat: boolean
  summary: string
  parity: readonly ParityRow[]
  versions: Record<string, string>
}

export function modelCard(facts: CardFacts): string {
  const sections = [
    frontMatter(facts),
    `# ${oneLine(facts.name)}\n\n${introduction(facts)}`,
    section('Results', results(facts)),
    section(
      'Labels',
      facts.labels.map((label, id) => `${id}. ${escape(label)}`.replace(/^(\d+)\./, '- $1:')).join('\n'),
    ),
    section('Use', usage(facts)),
    section('Training', training(facts)),
    section('Training results', history(facts)),
    section('Files', files(facts)),
    section(
      'Limits',
      `The model knows only ${facts.labels.length > 1 ? 'the labels above and ' : ''}texts like those it was trained on. ` +
        'The figures were measured on the ' +
        'validation split of the same data; on other data expect less.',
    ),
    section(
      'Versions',
      Object.entries(facts.versions)
        .map(([name, version]) => `- ${name} ${version}`)
        .join('\n'),
    ),
  ]
  return `${sections.filter(Boolean).join('\n\n')}\n`
}

function taskOf({ config }: CardFacts) {
  return CARD_TASKS[problemOf(config)]
}

function frontMatter(facts: CardFacts): string {
  const { tag, tagName, metrics } = taskOf(facts)
  const found = Object.entries(metrics).filter(([name]) => isFigure(facts.metrics[name]))
  const types = [...new Set(found.map(([, [type]]) => type))]
  const seen = new Set<string>()
  const figures = found.filter(([, [type]]) => !seen.has(type) && seen.add(type))
  const lines = [
    `library_name: ${facts.isOwnFormat ? 'tunesmith' : 'transformers'}`,
    `pipeline_tag: ${tag}`,
    'tags:',
    ...[tag, facts.modelType, 'onnx', ...(facts.isOwnFormat ? [] : ['transformers.js']), 'tunesmith'].map(
      (t) => `- ${yaml(t)}`,
    ),
  ]
  if (types.length > 0) lines.push('metrics:', ...types.map((type) => `- ${type}`))
  if (figures.length > 0)
    lines.push(
      'model-index:',
      `- name: ${yaml(facts.name)}`,
      '  results:',
      '  - task:',
      `      type: ${tag}`,
      `      name: ${tagName}`,
      '    dataset:',
      `      name: ${yaml(facts.dataset)}`,
      `      type: ${yaml(slug(facts.dataset))}`,
      '      split: validation',
      '    metrics:',
      ...figures.flatMap(([key, [type, name]]) => [
        `    - type: ${type}`,
        `      value: ${Number(facts.metrics[key]!.toPrecision(6))}`,
        `      name: ${yaml(name)}`,
      ]),
    )
  return `---\n${lines.join('\n')}\n---`
}

function introduction(facts: CardFacts): string {
  const { config, summary, labels, dataset } = facts
  const { model } = config
  const from = isRandom(model)
    ? 'Trained from random weights'
    : `Fine-tuned from \`${typeof model === 'string' ? basename(model) : model.starter}\``
  return `${from} to ${taskOf(facts).purpose(labels)} (${summary}), on ${oneLine(dataset)}, with Tunesmith.`
}

function results({ metrics, log }: CardFacts): string {
  const names = Object.keys(metrics).filter(
    (name) => isFigure(metrics[name]) && !/(runtime|_per_second)$/.test(name),
  )
  if (names.length === 0) return ''
  const rows: [string, EvalMetrics][] = [['this model', metrics]]
  for (const event of log) if (event.event === 'baseline') rows.push([event.name, event.metrics])
  return table(
    ['on the validation split', ...names],
    rows.map(([name, values]) => [escape(name), ...names.map((metric) => figure(values[metric]))]),
  )
}

function usage(facts: CardFacts): string {
  const { tag, call, options, example, logits } = taskOf(facts)
  const text = example.replace('MASK', facts.maskToken ?? '[MASK]')
  const inputs = facts.onnxInputs.map((name) => `\`${name}\``).join(', ')
  const onnx = `onnxruntime: \`onnx/model.onnx\` takes ${inputs} (int64, batch × sequence) and gives
\`logits\` (float32, ${logits}).`
  if (facts.isOwnFormat)
    return `Tunesmith: \`tunesmith predict --model path/to/this/folder --input texts.txt\`. The model is in its own format, which
Transformers and transformers.js do not load.

${onnx}`
  return `Transformers:

\`\`\`python
from transformers import pipeline
${call} = pipeline("${tag}", model="path/to/this/folder")
print(${call}("${text}"${options(facts.config.max_length)}))
\`\`\`

transformers.js, with this folder inside \`models/\`:

\`\`\`js
import { env, pipeline } from '@huggingface/transformers'
env.localModelPath = 'models/'
env.allowRemoteModels = false
const ${call} = await pipeline('${tag}', 'name-of-this-folder')
console.log(await ${call}('${text}'))
\`\`\`

${onnx}`
}

function training({ config }: CardFacts): string {
  const always: TrainingArgumentName[] = [
    'learning_rate',
    'per_device_train_batch_size',
    'gradient_accumulation_steps',
    'num_train_epochs',
    'lr_scheduler_type',
    'warmup_steps',
    'weight_decay',
    'max_length',
    'seed',
  ]
  const names = Object.keys(DEFAULT_ARGUMENTS) as TrainingArgumentName[]
  const changed = names.filter(
    (name) =>
      name !== 'output_dir' && JSON.stringify(config[name]) !== JSON.stringify(DEFAULT_ARGUMENTS[name]),
  )
  const lines = [...new Set([...always, ...changed])].map(
    (name) => `- ${name}: ${JSON.stringify(config[name])}`,
  )
  const overrides = Object.entries(config.config_overrides).map(([k, v]) => `- ${k}: ${JSON.stringify(v)}`)
  return `The complete configuration is in \`studio/run.json\`; anything not named here has the default of Transformers.\n\n${[...lines, ...overrides].join('\n')}`
}

function history(facts: CardFacts): string {
  const [judged, label] = taskOf(facts).judgedBy
  const rows: string[][] = []
  let loss: number | undefined
  for (const event of facts.log) {
    if (event.event === 'step') loss = event.loss
    if (event.event === 'evaluate')
      rows.push([
        figure(loss),
        event.epoch.toFixed(2),
        String(event.step),
        figure(event.metrics['loss']),
        figure(event.metrics[judged]),
      ])
  }
  return rows.length > 0 ? table(['Training loss', 'Epoch', 'Step', 'Validation loss', label], rows) : ''
}

function files({ parity }: CardFacts): string {
  const what =
    'After the export every file was loaded again and its logits compared with the run on real rows.'
  if (parity.length === 0) return ''
  return `${what}\n\n${table(
    ['file', 'rows', 'largest difference', ''],
    parity.map((p) => [`\`${p.file}\``, String(p.rows), p.maxAbsDiff.toExponential(1), escape(p.note ?? '')]),
  )}`
}

function section(title: string, body: string): string {
  return body ? `## ${title}\n\n${body}` : ''
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function isFigure(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value)
}

function figure(value: number | undefined): string {
  return isFigure(value) ? value.toFixed(4) : '–'
}

/** JSON strings are YAML strings. */
function yaml(text: string): string {
  return JSON.stringify(oneLine(text))
}

function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'dataset'
  )
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Text of the user inside Markdown: nothing in it may become markup. */
function escape(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|#]/g, '\\$&')
}
