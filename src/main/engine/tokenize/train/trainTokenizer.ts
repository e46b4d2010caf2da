/** Training a tokenizer on own text: WordPiece or Unigram for encoders, byte-level BPE for decoders, plain BPE. */
import type { z } from 'zod'
import { TrainTokenizerOptions } from '../../../../shared/domain/tokenizer'
import { UserError } from '../../../../shared/errors'
import { CHAR_OF_BYTE } from '../byteAlphabet'
import {
  BERT_SPECIAL_TOKENS,
  bertJson,
  bertNormalizerJson,
  byteLevelJson,
  GPT2_END_OF_TEXT,
  metaspaceJson,
} from '../families'
import { buildNormalizer } from '../normalizers'
import { buildPreTokenizer } from '../preTokenizers'
import type { Tokenizer } from '../tokenizer'
import { tokenizerFromJson } from '../tokenizerJson'
import { countWords, type TrainingHooks } from './countWords'
import { learnMerges } from './learnMerges'
import { learnUnigram } from './learnUnigram'

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
  if (choices.type === 'WordPiece') return trainWordPiece(texts, choices, hooks)
  if (choices.type === 'BPE' && choices.byte_level) return trainByteLevelBpe(texts, choices, hooks)
  return trainMetaspace(texts, choices, hooks)
}

/** Special tokens by role, as BERT names them. */
const BERT_ROLES = {
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: '[SEP]',
  mask_token: '[MASK]',
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
      special_tokens: withOwn(BERT_SPECIAL_TOKENS, options),
      continuing_subword_prefix: '##',
    },
    hooks,
  )
  return tokenizerFromJson(bertJson(vocab, bert, options.special_tokens), BERT_ROLES)
}

async function trainByteLevelBpe(
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
      special_tokens: withOwn([GPT2_END_OF_TEXT], options),
      continuing_subword_prefix: '',
    },
    hooks,
  )
  return tokenizerFromJson(byteLevelJson(vocab, merges, { special_tokens: options.special_tokens }), {
    bos_token: GPT2_END_OF_TEXT,
    eos_token: GPT2_END_OF_TEXT,
    unk_token: GPT2_END_OF_TEXT,
    pad_token: GPT2_END_OF_TEXT,
  })
}

/** Plain BPE and Unigram: the text normalized, spaces made visible (google/sentencepiece). */
async function trainMetaspace(
  texts: Iterable<string>,
  options: TrainTokenizerOptions,
  hooks: TrainingHooks,
): Promise<Tokenizer> {
  const shell = metaspaceJson(options)
  const normalizer = shell.normalizer === null ? null : buildNormalizer(shell.normalizer)
  const words = await countWords(texts, normalizer, buildPreTokenizer(shell.pre_tokenizer), hooks)
  refuseNoWords(words)
  const special_tokens = withOwn(BERT_SPECIAL_TOKENS, options)
  const { vocab_size, limit_alphabet, min_frequency } = options
  if (options.type === 'Unigram') {
    const pieces = await learnUnigram(words, { vocab_size, limit_alphabet, special_tokens }, hooks)
    return tokenizerFromJson(shell.unigram(pieces), BERT_ROLES)
  }
  const { vocab, merges } = await learnMerges(
    words,
    {
      vocab_size,
      min_frequency,
      limit_alphabet,
      initial_alphabet: [],
      special_tokens,
      continuing_subword_prefix: '',
    },
    hooks,
  )
  return tokenizerFromJson(shell.bpe(vocab, merges), BERT_ROLES)
}

function withOwn(needed: readonly string[], { special_tokens }: TrainTokenizerOptions): string[] {
  return [...new Set([...needed, ...special_tokens])]
}

function refuseNoWords(words: ReadonlyMap<string, number>): void {
  if (words.size > 0) return
  throw new UserError('bad-input', 'There is no text to train a tokenizer on.', {
    hint: 'Check which column holds the text.',
  })
}
