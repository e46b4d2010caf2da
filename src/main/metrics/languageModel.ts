/** Perplexity and bits per byte of the probabilities a model gave to the tokens of texts. */
import { z } from 'zod'
import { UserError } from '../../shared/errors'
import { requireSameLength, texts } from './inputs'
import { defineMetric, type MetricValue } from './metric'
import { bitsPerByteOf, perplexityOf } from './perplexity'

export const perplexity = defineMetric({
  id: 'perplexity',
  label: 'Perplexity',
  help: 'Among how many tokens the model is torn on average: exp of the mean negative log-probability of a token. Predictions hold the log-probabilities (natural) of a text’s tokens, references the texts; bits per byte compare tokenizers.',
  direction: 'minimize',
  input: 'scores',
  params: z.strictObject({
    /** pseudo: each token was predicted from both sides (Salazar et al. 2020), as masked language models do. */
    kind: z.enum(['causal', 'pseudo']).default('causal'),
  }),
  compute(input, { kind }) {
    requireSameLength(input)
    const rows = input.predictions.map(tokenLosses)
    const lossNats = rows.flat().reduce((sum, loss) => sum + loss, 0)
    const tokens = rows.flat().length
    const bytes = texts(input.references, 'reference').reduce((n, text) => n + Buffer.byteLength(text), 0)
    const name = kind === 'pseudo' ? 'pseudo_perplexity' : 'perplexity'
    const value = perplexityOf([{ lossNats, tokens }])
    return {
      value,
      values: {
        [name]: value,
        mean_nll: lossNats / tokens,
        bits_per_byte: bitsPerByteOf(lossNats, bytes),
        tokens,
        bytes,
      },
      signature: `${name}|weighted:tokens|log:e`,
      n: tokens,
    }
  },
})

function tokenLosses(value: MetricValue, i: number): number[] {
  if (Array.isArray(value) && value.every((p) => typeof p === 'number' && p <= 0))
    return (value as number[]).map((p) => -p)
  throw new UserError('bad-input', 'The prediction is not a list of log-probabilities, at most 0 each.', {
    where: { row: i + 1, field: 'prediction' },
  })
}
