/** Mean vectors of an encoder, run by the engine. */
import type { Embedder } from '../../augment/models'
import { encodeRows } from '../../engine/tokenize/encodeRows'
import { loadTokenizer } from '../../engine/tokenize/load'
import { loadMeanVectors } from '../../engine/train/predict'

/** @throws UserError where the folder is no encoder with its tokenizer */
export async function openEmbedder(dir: string, signal: AbortSignal): Promise<Embedder> {
  const predictor = await loadMeanVectors({ kind: 'folder', dir })
  const tokenizer = await loadTokenizer(dir)
  const maxLength = predictor.model.encoder.maxPositions
  return {
    async embed(texts) {
      const rows = await encodeRows(tokenizer, texts, null, { maxLength, signal })
      const vectors: Float32Array[] = []
      await predictor.run(
        rows,
        (row, vector) => (vectors[row] = vector.slice()),
        () => signal.throwIfAborted(),
      )
      return vectors
    },
  }
}
