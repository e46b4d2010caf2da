/** The `model` object of tokenizer.json → a Model. */
import { z } from 'zod'
import { UserError } from '../../../../shared/errors'
import { buildComponent } from '../component'
import { bpe } from './bpe'
import type { Model } from './model'
import { unigram } from './unigram'
import { wordPiece } from './wordPiece'

const WordPieceJson = z.object({
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.number().int().positive().default(100),
})
const BpeJson = z.object({
  dropout: z.number().nullish(),
  unk_token: z.string().nullable().default(null),
  continuing_subword_prefix: z.string().nullable().default(null),
  end_of_word_suffix: z.string().nullable().default(null),
  fuse_unk: z.boolean().default(false),
  byte_fallback: z.boolean().default(false),
  ignore_merges: z.boolean().nullish(),
})
const UnigramJson = z.object({
  unk_id: z.number().int().nonnegative().nullable().default(null),
  byte_fallback: z.boolean().default(false),
})

const builders: Record<string, (json: unknown) => Model> = {
  WordPiece: (json) => wordPiece({ ...WordPieceJson.parse(json), vocab: readVocab(json) }),
  BPE: (json) => {
    const options = BpeJson.parse(json)
    if (options.dropout) {
      throw new UserError(
        'unsupported',
        'A BPE model with dropout gives other ids every time: not supported.',
        {
          hint: 'Set "dropout" to null in tokenizer.json.',
        },
      )
    }
    return bpe({
      ...options,
      ignore_merges: options.ignore_merges ?? false,
      vocab: readVocab(json),
      merges: readMerges((json as { merges?: unknown }).merges),
    })
  },
  Unigram: (json) => unigram({ ...UnigramJson.parse(json), vocab: readScores(json) }),
}

/**
 * @throws UserError('unsupported') for an unknown model type, 'bad-input' for a malformed one.
 * Old files have no `type`: it is inferred as the reference does.
 */
export function buildModel(json: unknown): Model {
  if (typeof json === 'object' && json !== null && !('type' in json)) {
    const type = 'merges' in json ? 'BPE' : 'unk_id' in json ? 'Unigram' : 'WordPiece'
    return buildComponent('model', builders, { type, ...json })
  }
  return buildComponent('model', builders, json)
}

export function readVocab(json: unknown): Map<string, number> {
  const { vocab } = json as { vocab?: unknown }
  if (typeof vocab !== 'object' || vocab === null) throw malformed('vocab', 'a map of tokens to ids')
  const map = new Map<string, number>()
  for (const [token, id] of Object.entries(vocab)) {
    if (!Number.isInteger(id) || id < 0) throw malformed('vocab', 'a map of tokens to ids')
    map.set(token, id as number)
  }
  return map
}

function readMerges(merges: unknown): [string, string][] {
  if (!Array.isArray(merges)) throw malformed('merges', 'a list of pairs')
  return merges.map((merge: unknown) => {
    const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge
    if (!Array.isArray(pair) || pair.length !== 2) throw malformed('merges', 'pairs of two tokens')
    return [String(pair[0]), String(pair[1])]
  })
}

function readScores(json: unknown): [string, number][] {
  const { vocab } = json as { vocab?: unknown }
  if (!Array.isArray(vocab)) throw malformed('vocab', 'a list of tokens with scores')
  return vocab.map((entry: unknown) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'number') {
      throw malformed('vocab', 'a list of tokens with scores')
    }
    return [entry[0], entry[1]]
  })
}

function malformed(field: string, wanted: string): UserError {
  return new UserError('bad-input', `The tokenizer's ${field} is not ${wanted}.`, { where: { field } })
}
