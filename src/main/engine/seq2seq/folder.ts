/**
 * A translation model as transformers.js reads it: config.json, generation_config.json, tokenizer.json and, in onnx/,
 * an encoder and a decoder whose first and later steps are one file (`decoder_model_merged`), as Optimum exports
 * Marian (OPUS-MT), T5, BART and their kin.
 */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'

const ids = z.union([
  z.int(),
  z
    .array(z.int())
    .min(1)
    .transform((list) => list[0]!),
])

/** What generation reads of the two files; the second goes before the first. */
const Settings = z.looseObject({
  decoder_start_token_id: z.int(),
  eos_token_id: ids,
  pad_token_id: z.int().nullish(),
  forced_bos_token_id: ids.nullish(),
  forced_eos_token_id: ids.nullish(),
  bad_words_ids: z.array(z.array(z.int())).nullish(),
  max_length: z.int().min(1).nullish(),
  num_beams: z.int().min(1).nullish(),
  length_penalty: z.number().nullish(),
  early_stopping: z.union([z.boolean(), z.literal('never')]).nullish(),
  renormalize_logits: z.boolean().nullish(),
  max_position_embeddings: z.int().min(1).nullish(),
})
export type Seq2SeqSettings = z.output<typeof Settings>

export interface Seq2SeqFolder {
  settings: Seq2SeqSettings
  /** Of config.json, as `marian`. */
  modelType: string
  tokenizer: string
  encoder: string
  decoder: string
}

/** How transformers.js marks what weights are stored as; those that compute in float32, the sharpest first. */
const SUFFIXES = ['', '_quantized', '_int8', '_uint8', '_q4', '_bnb4'] as const

/** @throws UserError naming the file that is missing or damaged, and where it comes from */
export async function openSeq2SeqFolder(dir: string): Promise<Seq2SeqFolder> {
  const info = await stat(dir).catch(() => null)
  if (!info?.isDirectory())
    throw new UserError('not-found', 'There is no such folder.', { where: { file: dir } })
  const config = await readJson(join(dir, 'config.json'))
  if (config === null)
    throw missing(
      dir,
      'config.json',
      'It says what kind of model this is; it lies beside the model’s weights.',
    )
  if (config.is_encoder_decoder !== true)
    throw new UserError('unsupported', 'This is no model that turns one text into another.', {
      where: { file: join(dir, 'config.json'), field: 'is_encoder_decoder' },
      hint: 'Take a translation or text-to-text model, as OPUS-MT (Marian) or T5.',
    })
  const generation = (await readJson(join(dir, 'generation_config.json'))) ?? {}
  const tokenizer = join(dir, 'tokenizer.json')
  if (!existsSync(tokenizer))
    throw missing(
      dir,
      'tokenizer.json',
      existsSync(join(dir, 'source.spm'))
        ? 'source.spm and target.spm are Marian’s own format: take the folder of a transformers.js export, which has tokenizer.json.'
        : 'Take the folder of a transformers.js export, which has it.',
    )
  return {
    settings: settingsOf(config, generation, dir),
    modelType: String(config.model_type),
    tokenizer,
    encoder: onnxFile(dir, 'encoder_model'),
    decoder: onnxFile(dir, 'decoder_model_merged'),
  }
}

function settingsOf(
  config: Record<string, unknown>,
  generation: Record<string, unknown>,
  dir: string,
): Seq2SeqSettings {
  const given = Object.fromEntries(Object.entries(generation).filter(([, value]) => value !== null))
  const result = Settings.safeParse({ ...config, ...given })
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new UserError('bad-input', `The model’s settings cannot be read: ${issue!.message}.`, {
    where: { file: join(dir, 'config.json'), field: issue!.path.join('.') },
    hint: 'generation_config.json or config.json must say it.',
  })
}

function onnxFile(dir: string, stem: string): string {
  const found = SUFFIXES.map((suffix) => join(dir, 'onnx', `${stem}${suffix}.onnx`)).find(existsSync)
  if (found !== undefined) return found
  const isSplit = stem === 'decoder_model_merged' && existsSync(join(dir, 'onnx', 'decoder_model.onnx'))
  const isAtTop = existsSync(join(dir, `${stem}.onnx`))
  throw missing(
    dir,
    `onnx/${stem}.onnx`,
    isAtTop
      ? `It lies beside config.json: move it into a folder onnx.`
      : isSplit
        ? 'decoder_model.onnx and decoder_with_past_model.onnx are there: export with Optimum’s merged decoder.'
        : `Any of ${SUFFIXES.slice(0, 2)
            .map((suffix) => `${stem}${suffix}.onnx`)
            .join(' and ')} will do, as exports for transformers.js hold them.`,
  )
}

function missing(dir: string, name: string, hint: string): UserError {
  return new UserError('not-found', `The translation model lacks ${name}.`, {
    where: { file: join(dir, name) },
    hint,
  })
}

/** Null where there is none. */
async function readJson(file: string): Promise<Record<string, unknown> | null> {
  if (!existsSync(file)) return null
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Falls through to the refusal below.
  }
  throw new UserError('corrupt', 'The file is not a JSON object.', { where: { file } })
}
