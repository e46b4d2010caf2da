/** Training a tokenizer on own text: WordPiece for encoders, byte-level BPE for decoders. */
import { z } from 'zod'
import { UserError } from '../../../../shared/errors'
import { CHAR_OF_BYTE } from '../byteAlphabet'
import {
  BERT_SPECIAL_TOKENS,
  bertJson,
  bertNormalizerJson,
  byteLevelJson,
  GPT2_END_OF_TEXT,
} from '../families'
import { buildNormalizer } from '../normalizers'
import { buildPreTokenizer } from '../preTokenizers'
import type { Tokenizer } from '../tokenizer'
import { tokenizerFromJson } from '../tokenizerJson'
import { countWords, type TrainingHooks } from './countWords'
import { learnMerges } from './learnMerges'

export const TrainTokenizerOptions = z.object({
  type: z.enum(['WordPiece', 'BPE']).default('WordPiece'),
  vocab_size: z.number().int().min(64).max(1_000_000).default(8000),
  min_frequency: z.number().int().min(0).default(2),
  limit_alphabet: z.number().int().min(1).default(1000),
  lowercase: z.boolean().default(true),
  strip_accents: z.boolean().nullable().default(null),
  handle_chinese_chars: z.boolean().default(true),
})
export type TrainTokenizerOptions = z.infer<typeof TrainTokenizerOptions>

/**
 * @param texts read once; an array lets progress know the total
 * @throws UserError('bad-input') if there is no text, 'cancelled' on abort
 */
export async function trainTokenizer(
  texts: Iterable<string>,
  options: z.input<typeof TrainTokenizerOptions> = {},
  hooks: TrainingHooks = {},
): Promise<Tokenizer> {
  const choices = TrainTokenizerOptions.parse(options)
  return choices.type === 'WordPiece'
    ? trainWordPiece(texts, choices, hooks)
    : trainBpe(texts, choices, hooks)
}

async function trainWordPiece(
  texts: Iterable<string>,
  options: TrainTokenizerOptions,
  hooks: TrainingHooks,
): Promise<Tokenizer> {
  const bert = {
    handle_chinese_chars: options.handle_chinese_chars,
    strip_accents: options.strip_accents,
    lowercase: options.lowercase,
  }
  const normalizer = buildNormalizer(bertNormalizerJson(bert))
  const words = await countWords(texts, normalizer, buildPreTokenizer({ type: 'BertPreTokenizer' }), hooks)
  refuseNoWords(words)
  const { vocab } = await learnMerges(
    words,
    {
      vocab_size: options.vocab_size,
      min_frequency: options.min_frequency,
      limit_alphabet: options.limit_alphabet,
      initial_alphabet: [],
      special_tokens: BERT_SPECIAL_TOKENS,
      continuing_subword_prefix: '##',
    },
    hooks,
  )
  return tokenizerFromJson(bertJson(vocab, bert), {
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    mask_token: '[MASK]',
  })
}

async function trainBpe(
  texts: Iterable<string>,
  options: TrainTokenizerOptions,
  hooks: TrainingHooks,
): Promise<Tokenizer> {
  const preTokenizer = buildPreTokenizer({ type: 'ByteLevel', add_prefix_space: false, use_regex: true })
  const words = await countWords(texts, null, preTokenizer, hooks)
  refuseNoWords(words)
  const { vocab, merges } = await learnMerges(
    words,
    {
      vocab_size: options.vocab_size,
      min_frequency: options.min_frequency,
      limit_alphabet: null,
      initial_alphabet: CHAR_OF_BYTE,
      special_tokens: [GPT2_END_OF_TEXT],
      continuing_subword_prefix: '',
    },
    hooks,
  )
  return tokenizerFromJson(byteLevelJson(vocab, merges), {
    bos_token: GPT2_END_OF_TEXT,
    eos_token: GPT2_END_OF_TEXT,
    unk_token: GPT2_END_OF_TEXT,
    pad_token: GPT2_END_OF_TEXT,
  })
}

function refuseNoWords(words: ReadonlyMap<string, number>): void {
  if (words.size > 0) return
  throw new UserError('bad-input', 'There is no text to train a tokenizer on.', {
    hint: 'Check which column holds the text.',
  })
}
