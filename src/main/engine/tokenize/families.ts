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

/** @param vocab holds the special tokens that the template needs. */
export function bertJson(vocab: ReadonlyMap<string, number>, choices: BertChoices): Record<string, unknown> {
  const known = BERT_SPECIAL_TOKENS.filter((token) => vocab.has(token))
  return {
    ...envelope(known.map((token) => specialTokenJson(vocab.get(token)!, token))),
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

/** GPT-2, or RoBERTa where the vocabulary has its `<s>` and `</s>`. */
export function byteLevelJson(
  vocab: ReadonlyMap<string, number>,
  merges: readonly (readonly [string, string])[],
  addPrefixSpace = false,
): Record<string, unknown> {
  const [bos, eos] = [vocab.get('<s>'), vocab.get('</s>')]
  const isRoberta = bos !== undefined && eos !== undefined
  const specials = isRoberta ? ['<s>', '<pad>', '</s>', '<unk>', '<mask>'] : [GPT2_END_OF_TEXT]
  return {
    ...envelope(
      specials
        .filter((token) => vocab.has(token))
        .map((token) => specialTokenJson(vocab.get(token)!, token, token === '<mask>'))
        .sort((a, b) => a.id - b.id),
    ),
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
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: isRoberta ? '' : null,
      end_of_word_suffix: isRoberta ? '' : null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocab),
      merges,
    },
  }
}

function envelope(added_tokens: AddedTokenJson[]): Record<string, unknown> {
  return { version: '1.0', truncation: null, padding: null, added_tokens }
}
