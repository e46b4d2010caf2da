/** BLEU, chrF, TER, ROUGE and exact match as metrics of the registry; parameters have the names of the references. */
import { z } from 'zod'
import { referenceTexts, requireSameLength, texts } from '../inputs'
import { defineMetric, type MetricInput } from '../metric'
import { BLEU_SMOOTH_METHODS, bleuSignature, corpusBleu, sentenceBleu, type BleuOptions } from './bleu'
import { chrfName, chrfSignature, corpusChrf } from './chrf'
import { corpusRouge, rougeSignature, type RougeType } from './rouge'
import { corpusTer, terSignature } from './ter'
import { BLEU_TOKENIZERS } from './tokenize'

interface TextPairs {
  predictions: string[]
  references: string[][]
}

function textPairs(input: MetricInput): TextPairs {
  requireSameLength(input)
  return { predictions: texts(input.predictions, 'prediction'), references: referenceTexts(input.references) }
}

export const bleu = defineMetric({
  id: 'bleu',
  label: 'BLEU',
  help: 'How many runs of one to four words a text shares with its references, 0 to 100. As sacreBLEU computes it.',
  direction: 'maximize',
  input: 'texts',
  params: z.strictObject({
    lowercase: z.boolean().default(false),
    tokenize: z.enum(BLEU_TOKENIZERS).default('13a'),
    smooth_method: z.enum(BLEU_SMOOTH_METHODS).default('exp'),
    /** null: 0.1 for floor, 1 for add-k. */
    smooth_value: z.number().positive().nullable().default(null),
    max_ngram_order: z.int().min(1).max(10).default(4),
    effective_order: z.boolean().default(false),
    /** The mean over rows of sentence BLEU with effective order, instead of the corpus score. */
    sentence_level: z.boolean().default(false),
  }),
  compute(input, { smooth_value, sentence_level, ...params }) {
    const { predictions, references } = textPairs(input)
    const options: BleuOptions = { ...params, ...(smooth_value !== null && { smooth_value }) }
    if (sentence_level) {
      options.effective_order = true
      const scores = predictions.map((text, i) => sentenceBleu(text, references[i]!, options).score)
      const value = scores.reduce((sum, score) => sum + score, 0) / scores.length
      const signature = `BLEU|${bleuSignature(references, options)}|agg:sentence-mean`
      return { value, values: { bleu: value }, signature, n: predictions.length }
    }
    const { score, precisions, bp, sys_len, ref_len } = corpusBleu(predictions, references, options)
    const byOrder = Object.fromEntries(precisions.map((value, n) => [`precision_${n + 1}`, value]))
    return {
      value: score,
      values: { bleu: score, ...byOrder, bp, sys_len, ref_len },
      signature: `BLEU|${bleuSignature(references, options)}`,
      n: predictions.length,
    }
  },
})

export const chrf = defineMetric({
  id: 'chrf',
  label: 'chrF',
  help: 'How many runs of one to six characters a text shares with its references, 0 to 100; word order 2 makes it chrF++. As sacreBLEU computes it.',
  direction: 'maximize',
  input: 'texts',
  params: z.strictObject({
    char_order: z.int().min(1).max(20).default(6),
    word_order: z.int().min(0).max(10).default(0),
    beta: z.int().min(1).max(10).default(2),
    lowercase: z.boolean().default(false),
    whitespace: z.boolean().default(false),
    eps_smoothing: z.boolean().default(false),
  }),
  compute(input, params) {
    const { predictions, references } = textPairs(input)
    const value = corpusChrf(predictions, references, params)
    const signature = `${chrfName(params)}|${chrfSignature(references, params)}`
    return { value, values: { chrf: value }, signature, n: predictions.length }
  },
})

export const ter = defineMetric({
  id: 'ter',
  label: 'TER',
  help: 'Edits that turn a text into its best reference, for 100 words of reference; 0 is perfect. As sacreBLEU computes it.',
  direction: 'minimize',
  input: 'texts',
  params: z.strictObject({
    normalized: z.boolean().default(false),
    no_punct: z.boolean().default(false),
    asian_support: z.boolean().default(false),
    case_sensitive: z.boolean().default(false),
  }),
  compute(input, params) {
    const { predictions, references } = textPairs(input)
    const value = corpusTer(predictions, references, params)
    return {
      value,
      values: { ter: value },
      signature: `TER|${terSignature(references, params)}`,
      n: predictions.length,
    }
  },
})

const ROUGE_TYPES = ['rouge1', 'rouge2', 'rougeL', 'rougeLsum'] as const satisfies readonly RougeType[]

export const rouge = defineMetric({
  id: 'rouge',
  label: 'ROUGE',
  help: 'How much of a summary its reference shares: words (1), pairs (2), the longest common order (L, Lsum), 0 to 1. Letters other than a to z are ignored. As rouge_score computes it.',
  direction: 'maximize',
  input: 'texts',
  params: z.strictObject({
    rouge_types: z
      .array(z.enum(ROUGE_TYPES))
      .min(1)
      .default([...ROUGE_TYPES]),
    use_stemmer: z.boolean().default(false),
  }),
  compute(input, params) {
    const { predictions, references } = textPairs(input)
    const scores = corpusRouge(predictions, references, params)
    const values: Record<string, number> = {}
    for (const [type, { precision, recall, fmeasure }] of scores) {
      values[type] = fmeasure
      values[`${type}_precision`] = precision
      values[`${type}_recall`] = recall
    }
    return {
      value: (scores.get('rougeL') ?? scores.get(params.rouge_types[0]!)!).fmeasure,
      values,
      signature: `ROUGE|${rougeSignature(references, params)}`,
      n: predictions.length,
    }
  },
})

export const exactMatch = defineMetric({
  id: 'exact_match',
  label: 'Exact match',
  help: 'The share of texts that equal one of their references, character for character.',
  direction: 'maximize',
  input: 'texts',
  params: z.strictObject({ ignore_case: z.boolean().default(false) }),
  compute(input, { ignore_case }) {
    const { predictions, references } = textPairs(input)
    const fold = (text: string) => (ignore_case ? text.toLowerCase() : text)
    const right = predictions.filter((text, i) =>
      references[i]!.some((reference) => fold(reference) === fold(text)),
    )
    const value = right.length / predictions.length
    const signature = `exact_match|case:${ignore_case ? 'lc' : 'mixed'}`
    return { value, values: { exact_match: value }, signature, n: predictions.length }
  },
})
