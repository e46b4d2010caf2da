/** `score`: metrics on two files, no model needed. One JSON line a metric. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../../shared/errors'
import { bootstrapInterval, DEFAULT_SEED, type Interval } from '../../main/metrics/bootstrap'
import type { Metric, MetricInput, MetricValue } from '../../main/metrics/metric'
import { metricOptions } from '../../main/metrics/options'
import { findMetric } from '../../main/metrics/registry'
import { EXIT, type Command } from '../command'

export const score: Command = {
  path: ['score'],
  positionals: [],
  summary: 'Compute metrics from a file of predictions and a file of references.',
  options: [
    { name: 'metrics', value: 'a,b', help: 'Names as in Hugging Face evaluate: accuracy, f1, mcc …' },
    {
      name: 'predictions',
      value: 'F',
      help: '.txt a line each, or .jsonl a JSON value (or answer of predict) a line.',
    },
    { name: 'references', value: 'F', help: 'The same, in the same order.' },
    {
      name: 'set',
      value: 'metric.option=value',
      isRepeated: true,
      help: 'As bleu.tokenize=intl, chrf.word_order=2, seqeval.mode=strict, f1.average=weighted.',
    },
    {
      name: 'bootstrap',
      value: 'N',
      help: 'A 95 % interval from N resamples of the rows; each computes the metric once more.',
    },
    { name: 'seed', value: 'N', help: `Of the resamples; the default is ${DEFAULT_SEED}.` },
  ],
  run({ args, out, cwd }) {
    const metrics = args
      .required('metrics')
      .split(',')
      .map((name) => findMetric(name.trim()))
    const predictions = readValues(resolve(cwd, args.required('predictions')))
    const references = readValues(resolve(cwd, args.required('references')))
    const resamples = args.number('bootstrap', { least: 10, most: 100_000, isWhole: true })
    const seed = args.number('seed', { least: 0, most: 2 ** 32 - 1, isWhole: true }) ?? DEFAULT_SEED
    const chosen = metricOptions(args.all('set'), metrics)
    for (const metric of metrics) {
      const input = { predictions, references }
      const params = chosen.get(metric.id)
      const result = metric.compute(input, params)
      const interval =
        resamples === undefined ? null : intervalOfMetric(metric, input, params, { resamples, seed })
      const signature = interval ? `${result.signature}|bs:${resamples}|seed:${seed}` : result.signature
      out.data({ metric: metric.id, ...result, signature, ...(interval && { interval }) })
    }
    return EXIT.done
  },
}

function intervalOfMetric(
  metric: Metric,
  { predictions, references }: MetricInput,
  params: unknown,
  options: { resamples: number; seed: number },
): Interval {
  const value = (rows: Int32Array) => {
    const pick = (values: readonly MetricValue[]) => Array.from(rows, (row) => values[row]!)
    return metric.compute({ predictions: pick(predictions), references: pick(references) }, params).value
  }
  return bootstrapInterval(references.length, value, options)
}

/** @throws UserError `not-found`, `bad-input` naming the line */
function readValues(file: string): MetricValue[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new UserError('not-found', 'The file cannot be read.', { where: { file }, cause: error })
  }
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (!file.endsWith('.jsonl')) return lines
  return lines.map((line, i) => {
    try {
      return answerIn(JSON.parse(line) as MetricValue | Record<string, MetricValue>)
    } catch (error) {
      throw new UserError('bad-input', 'The line is not valid JSON.', {
        where: { file, row: i + 1 },
        cause: error,
      })
    }
  })
}

/** A line of `predict` is an object: what it answers is scored. */
function answerIn(value: MetricValue | Record<string, MetricValue>): MetricValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  for (const name of ['label', 'labels', 'tags', 'value', 'text'])
    if (value[name] !== undefined) return value[name]
  throw new UserError(
    'bad-input',
    `The object says nothing to score; it has ${Object.keys(value).join(', ')}.`,
    {
      hint: 'Write a JSON value a line, or the lines that predict writes.',
    },
  )
}
