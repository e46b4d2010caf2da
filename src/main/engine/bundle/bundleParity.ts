/** The check that ends an export and that `verify` repeats: every file of a bundle loaded anew and compared. */
import { join } from 'node:path'
import type { ParityRow } from '../../../shared/domain/bundle'
import { engineLogits, openClassifier } from './classifierFolder'
import { ONNX_FILE, QUANTIZED_FILE, TOKENIZER_FILE, WEIGHTS_FILE } from './files'
import {
  floatParity,
  type Logits,
  onnxLogits,
  quantizedParity,
  type TextRow,
  tokenizerParity,
  tokenRows,
  type TokenRow,
} from './parity'

export interface ParityHooks {
  signal?: AbortSignal
  onFile?: (file: string) => void
}

/**
 * @param reference what the run's own model answers to `tokens`; the engine's answers from the bundle where absent
 */
export async function bundleParity(
  dir: string,
  rows: readonly TextRow[],
  reference: { tokens: readonly TokenRow[]; logits: Logits } | null,
  hooks: ParityHooks = {},
): Promise<ParityRow[]> {
  const { signal, onFile } = hooks
  onFile?.(WEIGHTS_FILE)
  const folder = await openClassifier(dir)
  const tokens = reference?.tokens ?? tokenRows(folder, rows, folder.maxLength)
  const ours = await engineLogits(folder, tokens, signal)
  const expected = reference?.logits ?? ours
  const { objective, model } = folder.opened
  const { padTokenId } = model.encoder
  const answers = { id: objective.id, outputs: model.numLabels }
  const parity = [floatParity(WEIGHTS_FILE, expected, ours)]
  onFile?.(ONNX_FILE)
  parity.push(
    floatParity(ONNX_FILE, expected, await onnxLogits(join(dir, ONNX_FILE), tokens, padTokenId, signal)),
  )
  onFile?.(QUANTIZED_FILE)
  const quantized = await onnxLogits(join(dir, QUANTIZED_FILE), tokens, padTokenId, signal)
  parity.push(quantizedParity(QUANTIZED_FILE, expected, quantized, answers))
  onFile?.(TOKENIZER_FILE)
  parity.push(await tokenizerParity(join(dir, TOKENIZER_FILE), TOKENIZER_FILE, folder.tokenizer, rows))
  return parity
}
