/**
 * tokenizer.json of the two families we train and of folders that hold only a vocabulary: BERT (WordPiece) and
 * GPT-2 / RoBERTa (byte-level BPE), as Transformers' converters write them.
 */
export interface AddedTokenJson {
  id: number
  content: string
  single_word: boolean
  lstrip: boolean
  rstrip: boolean
  normalized: boolean
  special: boolean
}

export interface BertChoices {
  lowercase: boolean
  strip_accents: boolean | null
  handle_chinese_chars: boolean
}

export const BERT_SPECIAL_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const
export const GPT2_END_OF_TEXT = '<|endoftext|>'

export function specialTokenJson(id: number, content: string, lstrip = false): AddedTokenJson {
  return { id, content, single_word: false, lstrip, rstrip: false, normalized: false, special: true }
}

export function bertNormalizerJson(choices: BertChoices): Record<string, unknown> {
  return { type: 'BertNormalizer', clean_text: true, ...choices }
}

/** @param vocab holds the special tokens that the template needs, and `ownSpecialTokens` where there are any. */
export function bertJson(
  vocab: ReadonlyMap<string, number>,
  choices: BertChoices,
  ownSpecialTokens: readonly string[] = [],
): Record<string, unknown> {
  return {
    ...envelope(knownSpecials(vocab, [...BERT_SPECIAL_TOKENS, ...ownSpecialTokens])),
    normalizer: bertNormalizerJson(choices),
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: clsSepTemplate(vocab),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab),
    },
  }
}

function clsSepTemplate(vocab: ReadonlyMap<string, number>): Record<string, unknown> | null {
  const [cls, sep] = [vocab.get('[CLS]'), vocab.get('[SEP]')]
  if (cls === undefined || sep === undefined) return null
  const token = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } })
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } })
  const single = [token('[CLS]', 0), sequence('A', 0), token('[SEP]', 0)]
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, sequence('B', 1), token('[SEP]', 1)],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [cls], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [sep], tokens: ['[SEP]'] },
    },
  }
}

/** Tokenizers whose words begin with a visible space, without their model; templates are BERT's. */
export function metaspaceJson({
  normalizer,
  lowercase,
  special_tokens,
}: {
  normalizer: 'none' | 'NFC' | 'NFKC'
  lowercase: boolean
  special_tokens: readonly string[]
}) {
  const steps = [
    ...(normalizer === 'none' ? [] : [{ type: normalizer }]),
    ...(lowercase ? [{ type: 'Lowercase' }] : []),
  ]
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
  const shell = {
    normalizer: steps.length > 1 ? { type: 'Sequence', normalizers: steps } : (steps[0] ?? null),
    pre_tokenizer: metaspace,
  }
  const around = (vocab: ReadonlyMap<string, number>, model: Record<string, unknown>) => ({
    ...envelope(knownSpecials(vocab, [...BERT_SPECIAL_TOKENS, ...special_tokens])),
    ...shell,
    post_processor: clsSepTemplate(vocab),
    decoder: metaspace,
    model,
  })
  return {
    ...shell,
    bpe: (vocab: ReadonlyMap<string, number>, merges: readonly (readonly [string, string])[]) =>
      around(vocab, {
        type: 'BPE',
        ...BPE_SETTINGS,
        unk_token: '[UNK]',
        vocab: Object.fromEntries(vocab),
        merges,
      }),
    unigram: (pieces: readonly (readonly [string, number])[]) => {
      const vocab = new Map(pieces.map(([piece], id) => [piece, id]))
      const model = {
        type: 'Unigram',
        unk_id: vocab.get('[UNK]') ?? null,
        vocab: pieces,
        byte_fallback: false,
      }
      return around(vocab, model)
    },
  }
}

const BPE_SETTINGS = {
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
} as const

/** GPT-2, or RoBERTa where the vocabulary has its `<s>` and `</s>`. */
export function byteLevelJson(
  vocab: ReadonlyMap<string, number>,
  merges: readonly (readonly [string, string])[],
  {
    addPrefixSpace = false,
    special_tokens = [],
  }: { addPrefixSpace?: boolean; special_tokens?: readonly string[] } = {},
): Record<string, unknown> {
  const [bos, eos] = [vocab.get('<s>'), vocab.get('</s>')]
  const isRoberta = bos !== undefined && eos !== undefined
  const specials = isRoberta ? ['<s>', '<pad>', '</s>', '<unk>', '<mask>'] : [GPT2_END_OF_TEXT]
  return {
    ...envelope(knownSpecials(vocab, [...specials, ...special_tokens])),
    normalizer: null,
    pre_tokenizer: {
      type: 'ByteLevel',
      add_prefix_space: addPrefixSpace,
      trim_offsets: true,
      use_regex: true,
    },
    post_processor: isRoberta
      ? {
          type: 'RobertaProcessing',
          sep: ['</s>', eos],
          cls: ['<s>', bos],
          trim_offsets: true,
          add_prefix_space: addPrefixSpace,
        }
      : { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      ...BPE_SETTINGS,
      ...(isRoberta && { continuing_subword_prefix: '', end_of_word_suffix: '' }),
      vocab: Object.fromEntries(vocab),
      merges,
    },
  }
}

function knownSpecials(vocab: ReadonlyMap<string, number>, tokens: readonly string[]): AddedTokenJson[] {
  return [...new Set(tokens)]
    .filter((token) => vocab.has(token))
    .map((token) => specialTokenJson(vocab.get(token)!, token, token === '<mask>'))
    .sort((a, b) => a.id - b.id)
}

function envelope(added_tokens: AddedTokenJson[]): Record<string, unknown> {
  return { version: '1.0', truncation: null, padding: null, added_tokens }
}
