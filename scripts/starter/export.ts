/** The finished encoder as a Hugging Face folder: config of BertForMaskedLM, weights in float16, tokenizer, record. */
import { createHash } from 'node:crypto'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toFloat16, withSafetensors, writeSafetensors } from '../../src/main/engine/checkpoint/safetensors'
import { elements } from '../../src/main/engine/nn/parameter'
import { saveTokenizer } from '../../src/main/engine/tokenize/save'
import type { Tokenizer } from '../../src/main/engine/tokenize/tokenizer'
import type { Exclusions } from './corpus'
import { INITIALIZER_RANGE, PARTNER_PREFIX, SIZE, StarterModel } from './model'
import { LOG_FILE } from './pretrain'

export interface Pretrained {
  /** The last checkpoint. */
  stateFile: string
  tokenizer: Tokenizer
  exclusions: Exclusions
  /** Folders of the stages, in order. */
  stages: readonly string[]
}

export async function exportEncoder(
  folder: string,
  { stateFile, tokenizer, exclusions, stages }: Pretrained,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await saveTokenizer(tokenizer, folder, SIZE.positions)
  await writeJson(join(folder, 'config.json'), configOf(tokenizer))
  await writeJson(join(folder, 'exclusions.json'), exclusions)
  const logs = await Promise.all(stages.map((stage) => readFile(join(stage, LOG_FILE), 'utf8')))
  await writeFile(join(folder, 'pretraining.jsonl'), logs.join(''))
  await writeWeights(join(folder, 'model.safetensors'), stateFile, tokenizer.idCount)
  await writeChecksums(folder)
}

/** The decoder of the masked-word head is the word table: Transformers ties the two, so it is not in the file. */
async function writeWeights(file: string, stateFile: string, vocabSize: number): Promise<void> {
  const specs = new StarterModel(vocabSize).parameters.filter(({ name }) => !name.startsWith(PARTNER_PREFIX))
  const tensors = await withSafetensors(stateFile, async (reader) => {
    const read = []
    for (const spec of specs) {
      const values = new Float32Array(elements(spec))
      await reader.readFloat32(spec.name, values)
      read.push({ name: spec.name, shape: spec.shape, data: toFloat16(values) })
    }
    return read
  })
  const handle = await open(file, 'w')
  try {
    await writeSafetensors({ write: (bytes) => handle.writeFile(bytes) }, tensors)
  } finally {
    await handle.close()
  }
}

/** SHA-256 of the files that a model is loaded from, as `sha256sum --check` reads them. */
async function writeChecksums(folder: string): Promise<void> {
  const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'vocab.txt']
  const lines = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name))
      return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`
    }),
  )
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''))
}

/** Fields of Transformers' BertConfig. */
function configOf(tokenizer: Tokenizer): Record<string, unknown> {
  return {
    architectures: ['BertForMaskedLM'],
    model_type: 'bert',
    vocab_size: tokenizer.idCount,
    hidden_size: SIZE.width,
    num_hidden_layers: SIZE.layers,
    num_attention_heads: SIZE.heads,
    intermediate_size: SIZE.inner,
    hidden_act: 'gelu',
    hidden_dropout_prob: 0.1,
    attention_probs_dropout_prob: 0.1,
    max_position_embeddings: SIZE.positions,
    type_vocab_size: 2,
    initializer_range: INITIALIZER_RANGE,
    layer_norm_eps: SIZE.epsilon,
    pad_token_id: tokenizer.specialTokens.pad!.id,
    tie_word_embeddings: true,
    dtype: 'float16',
  }
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`)
}
