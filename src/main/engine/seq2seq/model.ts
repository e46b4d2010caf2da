/** A translation model that writes: sentences in, sentences out. */
import { Tokenizer } from 'tokenizers'
import { UserError } from '../../../shared/errors'
import type { Session } from '../runtime/session'
import { beamSearch, sample, type SearchRules } from './beamSearch'
import { loadForeignOnnx, readSources, writer } from './decoder'
import { openSeq2SeqFolder, type Seq2SeqSettings } from './folder'

export type Generation =
  | { method: 'beam'; beams: number; maxLength: number }
  | { method: 'sample'; temperature: number; topP: number; maxLength: number }

/** Sources written side by side: 16 with four beams are 64 rows. */
const SOURCES_TOGETHER = 16
const DEFAULT_POSITIONS = 512

export class Seq2SeqModel {
  private constructor(
    private readonly encoder: Session,
    private readonly decoder: Session,
    private readonly tokenizer: Tokenizer,
    private readonly settings: Seq2SeqSettings,
  ) {}

  /** @throws UserError naming the file of the folder that is missing or damaged */
  static async open(dir: string): Promise<Seq2SeqModel> {
    const folder = await openSeq2SeqFolder(dir)
    // Their tokenizers carry normalizations of SentencePiece that only the official library has.
    const tokenizer = tokenizerOf(folder.tokenizer)
    return new Seq2SeqModel(
      await loadForeignOnnx(folder.encoder),
      await loadForeignOnnx(folder.decoder),
      tokenizer,
      folder.settings,
    )
  }

  /**
   * @param next uniform numbers of each text alone, for sampling
   * @param onStep may throw to stop
   */
  async write(
    texts: readonly string[],
    generation: Generation,
    next: readonly (() => number)[],
    onStep: () => void = () => undefined,
  ): Promise<string[]> {
    const written = texts.map(() => '')
    const encoded = await this.tokenizer.encodeBatch([...texts])
    const most = this.settings.max_position_embeddings ?? DEFAULT_POSITIONS
    const rows = encoded.map((one, i) => ({ ids: cut(one.getIds(), most), i }))
    // Sources of like length, so that little is padding.
    rows.sort((a, b) => a.ids.length - b.ids.length || a.i - b.i)
    for (let start = 0; start < rows.length; start += SOURCES_TOGETHER) {
      const some = rows.slice(start, start + SOURCES_TOGETHER)
      const ids = await this.#writeSome(
        some.map((row) => row.ids),
        generation,
        some.map(({ i }) => next[i]!),
        onStep,
      )
      const decoded = await this.tokenizer.decodeBatch(ids, true)
      some.forEach(({ i }, k) => (written[i] = decoded[k]!.trim()))
    }
    return written
  }

  async #writeSome(
    rows: readonly (readonly number[])[],
    generation: Generation,
    next: readonly (() => number)[],
    onStep: () => void,
  ): Promise<number[][]> {
    const { settings } = this
    const read = await readSources(this.encoder, rows, settings.pad_token_id ?? settings.eos_token_id)
    const model = writer(this.decoder, read, onStep)
    const rules = rulesOf(settings, generation.maxLength)
    if (generation.method === 'beam')
      return beamSearch(rows.length, model, rules, {
        beams: generation.beams,
        lengthPenalty: settings.length_penalty ?? 1,
        stopsEarly: settings.early_stopping === true,
      })
    const { temperature, topP } = generation
    return sample(
      model,
      rules,
      next.map((draw) => ({ temperature, topP, next: draw })),
    )
  }

  async release(): Promise<void> {
    await this.encoder.release()
    await this.decoder.release()
  }
}

function rulesOf(settings: Seq2SeqSettings, maxLength: number): SearchRules {
  return {
    startId: settings.decoder_start_token_id,
    endId: settings.eos_token_id,
    forcedFirstId: settings.forced_bos_token_id ?? null,
    forcedLastId: settings.forced_eos_token_id ?? null,
    bannedIds: (settings.bad_words_ids ?? []).flatMap((ids) => (ids.length === 1 ? ids : [])),
    renormalize: settings.renormalize_logits ?? false,
    maxLength: Math.min(maxLength, settings.max_length ?? maxLength),
  }
}

/** The last token ends the text: it stays. */
function cut(ids: readonly number[], most: number): number[] {
  return ids.length <= most ? [...ids] : [...ids.slice(0, most - 1), ids.at(-1)!]
}

function tokenizerOf(file: string): Tokenizer {
  try {
    const tokenizer = Tokenizer.fromFile(file)
    tokenizer.disablePadding()
    tokenizer.disableTruncation()
    return tokenizer
  } catch (cause) {
    throw new UserError('corrupt', 'This is not a tokenizer.json that Hugging Face’s library reads.', {
      where: { file },
      cause,
    })
  }
}
