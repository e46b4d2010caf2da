/** Figures about tokenizers: a vocabulary learned from what was typed, and how it cuts a word. */
import type { DemonstrationResults } from '../../../shared/domain/demonstration'
import { wordPieces } from '../../engine/tokenize/inspectWord'
import { bpe } from '../../engine/tokenize/models/bpe'
import type { Model } from '../../engine/tokenize/models/model'
import { wordPiece } from '../../engine/tokenize/models/wordPiece'
import { buildPreTokenizer } from '../../engine/tokenize/preTokenizers'
import { countWords } from '../../engine/tokenize/train/countWords'
import { learnMerges, type LearnedMerges } from '../../engine/tokenize/train/learnMerges'

const UNKNOWN = '[UNK]'
const PREFIX = { BPE: '', WordPiece: '##' }

/** `merges`: tokens learned beyond the alphabet. */
export async function tokenizerSteps(
  type: 'BPE' | 'WordPiece',
  text: string,
  word: string,
  merges: number,
): Promise<DemonstrationResults['tokenizer']> {
  const words = await countWords([text], null, buildPreTokenizer({ type: 'BertPreTokenizer' }), {})
  const learn = (vocab_size: number): Promise<LearnedMerges> =>
    learnMerges(words, {
      vocab_size,
      min_frequency: 1,
      limit_alphabet: 1000,
      initial_alphabet: [],
      special_tokens: [UNKNOWN],
      continuing_subword_prefix: PREFIX[type],
    })
  const alphabet = (await learn(0)).vocab.size
  const learned = await learn(alphabet + merges)
  const model = type === 'BPE' ? bpeOf(learned) : wordPieceOf(learned)
  return { vocabulary: model.vocab.size, steps: wordPieces(model, word) }
}

function bpeOf({ vocab, merges }: LearnedMerges): Model {
  return bpe({
    vocab,
    merges,
    unk_token: UNKNOWN,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
  })
}

function wordPieceOf({ vocab }: LearnedMerges): Model {
  return wordPiece({
    vocab,
    unk_token: UNKNOWN,
    continuing_subword_prefix: PREFIX.WordPiece,
    max_input_chars_per_word: 100,
  })
}
