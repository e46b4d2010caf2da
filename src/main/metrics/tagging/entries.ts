/** Entity scores as a metric of the registry; figures have the names `evaluate` gives them. */
import { z } from 'zod'
import { requireSameLength, tagLists } from '../inputs'
import { defineMetric } from '../metric'
import { seqevalReport, seqevalSignature, type SeqevalOptions } from './seqeval'
import { TAGGING_SCHEMES } from './strict'

export const seqeval = defineMetric({
  id: 'seqeval',
  label: 'Entity F1',
  help: 'Of the names found and the names there are, the share with the right type and both ends right. As seqeval computes it.',
  direction: 'maximize',
  input: 'tags',
  params: z.strictObject({
    /** lenient: any tag may open an entity, as in conlleval. strict: only what the scheme allows. */
    mode: z.enum(['lenient', 'strict']).default('lenient'),
    /** null: detected from the references. */
    scheme: z.enum(TAGGING_SCHEMES).nullable().default(null),
  }),
  compute(input, { mode, scheme }) {
    requireSameLength(input)
    const references = tagLists(input.references, 'reference')
    const options: SeqevalOptions = { mode, ...(scheme !== null && { scheme }) }
    const report = seqevalReport(references, tagLists(input.predictions, 'prediction'), options)
    const values: Record<string, number> = {
      overall_precision: report.micro.precision,
      overall_recall: report.micro.recall,
      overall_f1: report.micro.f1,
      overall_accuracy: report.accuracy,
    }
    for (const average of ['macro', 'weighted'] as const)
      for (const figure of ['precision', 'recall', 'f1'] as const)
        values[`${average}_${figure}`] = report[average][figure]
    for (const [type, { precision, recall, f1, support }] of report.types)
      Object.assign(values, {
        [`precision[${type}]`]: precision,
        [`recall[${type}]`]: recall,
        [`f1[${type}]`]: f1,
        [`number[${type}]`]: support,
      })
    return {
      value: report.micro.f1,
      values,
      signature: `seqeval|average:micro|${seqevalSignature(references, options)}`,
      n: references.length,
    }
  },
})
