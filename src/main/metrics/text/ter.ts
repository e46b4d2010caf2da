/**
 * TER, the translation edit rate (Snover et al. 2006), as sacreBLEU 2.6 reimplements Tercom: edits of the best reference
 * over the mean length of the references, shifts found by `terEdits`. Options have sacreBLEU's names and defaults.
 */
import { splitWords, trimEnd } from './pythonText'
import {
  checkSegments,
  columnSums,
  sacrebleuSignature,
  segmentStatistics,
  type References,
  type ResamplingTag,
  type SegmentStatistics,
} from './segments'
import { Vocabulary } from './ngrams'
import { terEdits } from './terEdits'
import { separateNumberMarks, separateSymbols, unescapeEntities } from './tokenize'

export interface TerOptions {
  /** Tokenizes punctuation and reads XML entities. */
  normalized?: boolean
  no_punct?: boolean
  /** With `normalized` splits Chinese characters, with `no_punct` removes full-width punctuation too. */
  asian_support?: boolean
  case_sensitive?: boolean
}

/** 0 is perfect; may exceed 100. @throws UserError when rows do not pair up or one has no reference */
export function corpusTer(
  hypotheses: readonly string[],
  references: References,
  options: TerOptions = {},
): number {
  return terFromSums(columnSums(terStatistics(hypotheses, references, options)))
}

export function sentenceTer(
  hypothesis: string,
  references: readonly string[],
  options: TerOptions = {},
): number {
  return corpusTer([hypothesis], [references], options)
}

/** Rows `[edits, mean reference length]`. */
export function terStatistics(
  hypotheses: readonly string[],
  references: References,
  options: TerOptions = {},
): SegmentStatistics {
  checkSegments(hypotheses, references)
  const vocabulary = new Vocabulary()
  const encode = (line: string) => vocabulary.encode(splitWords(tercomNormalize(trimEnd(line), options)))
  return segmentStatistics(
    hypotheses.map((hypothesis, i) => {
      const words = encode(hypothesis)
      const rows = references[i]!.map(encode)
      const edits = Math.min(...rows.map((row) => terEdits(words, row)))
      const length = rows.reduce((sum, row) => sum + row.length, 0) / rows.length
      return [edits, length]
    }),
  )
}

/** The score of summed rows of `terStatistics`. */
export function terFromSums(sums: ArrayLike<number>): number {
  const [edits, length] = [sums[0]!, sums[1]!]
  if (length > 0) return (100 * edits) / length
  return edits > 0 ? 100 : 0
}

const ASIAN_PUNCTUATION = /[\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb]/g
const FULL_WIDTH_PUNCTUATION = /[\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09]/g
/** Ideographs, strokes, radicals, compatibility forms, enclosed letters. The reference's kana rules never apply. */
const ASIAN_CHARACTERS = /[\u4e00-\u9fff\u3200-\u4dbf\u31c0-\u31ef\u2e80-\u2eff\uf900-\ufaff\ufe30-\ufe4f]/g

/** sacreBLEU's TercomTokenizer, before the split at white space. */
function tercomNormalize(line: string, options: TerOptions): string {
  let text = options.case_sensitive ? line : line.toLowerCase()
  if (options.normalized) {
    const joined = unescapeEntities(text.replaceAll('\n-', '').replaceAll('\n', ' '))
    text = separateNumberMarks(separateSymbols(` ${joined} `).replaceAll("'s ", " 's "))
    if (options.asian_support)
      text = text
        .replace(ASIAN_CHARACTERS, ' $& ')
        .replace(ASIAN_PUNCTUATION, ' $& ')
        .replace(FULL_WIDTH_PUNCTUATION, ' $& ')
  }
  if (options.no_punct) {
    text = text.replace(/[.,?:;!"()]/g, '')
    if (options.asian_support) text = text.replace(ASIAN_PUNCTUATION, '').replace(FULL_WIDTH_PUNCTUATION, '')
  }
  return text
}

/** As sacreBLEU prints it, without the leading name: `nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0`. */
export function terSignature(
  references: References,
  options: TerOptions = {},
  resampling?: ResamplingTag,
): string {
  const yes = (flag: boolean | undefined) => (flag ? 'yes' : 'no')
  return sacrebleuSignature(
    references,
    {
      case: options.case_sensitive ? 'mixed' : 'lc',
      tok: 'tercom',
      norm: yes(options.normalized),
      punct: yes(!options.no_punct),
      asian: yes(options.asian_support),
    },
    resampling,
  )
}
