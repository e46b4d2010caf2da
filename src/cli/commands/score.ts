/** `score`: metrics on two files, no model needed. One JSON line a metric. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../../shared/errors'
import type { MetricValue } from '../../main/metrics/metric'
import { findMetric } from '../../main/metrics/registry'
import { EXIT, type Command } from '../command'

export const score: Command = {
  path: ['score'],
  positionals: [],
  summary: 'Compute metrics from a file of predictions and a file of references.',
  options: [
    { name: 'metrics', value: 'a,b', help: 'Names as in Hugging Face evaluate: accuracy, f1, mcc …' },
    { name: 'predictions', value: 'F', help: '.txt a line each, or .jsonl a JSON value a line.' },
    { name: 'references', value: 'F', help: 'The same, in the same order.' },
  ],
  run({ args, out, cwd }) {
    const metrics = args
      .required('metrics')
      .split(',')
      .map((name) => findMetric(name.trim()))
    const predictions = readValues(resolve(cwd, args.required('predictions')))
    const references = readValues(resolve(cwd, args.required('references')))
    for (const metric of metrics) {
      const result = metric.compute({ predictions, references }, metric.params.parse({}))
      out.data({ metric: metric.id, ...result })
    }
    return EXIT.done
  },
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
      return JSON.parse(line) as MetricValue
    } catch (error) {
      throw new UserError('bad-input', 'The line is not valid JSON.', {
        where: { file, row: i + 1 },
        cause: error,
      })
    }
  })
}
