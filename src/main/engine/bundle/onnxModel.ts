/**
 * The inference model of a bundle: the training modules traced forward with symbolic dimensions, weights inside. Input
 * and output names and dynamic axes are those that optimum exports and transformers.js expects.
 */
import type { HostArray } from '../ir/dtype'
import { Graph, type Value } from '../ir/graph'
import type { SequenceClassifier } from '../models/architecture'
import { emitOnnx, PLAIN_TARGET } from '../onnx/emit'
import { affine, cast } from '../ops/elementwise'
import { reshape } from '../ops/movement'
import { inferenceGraph } from '../passes/trainingGraph'

export const ONNX_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'] as const
export const ONNX_OUTPUT = 'logits'
const [BATCH, SEQUENCE] = ['batch_size', 'sequence_length']

/** Added to the scores of padding: far below any score, yet finite in float32. */
const MASKED = -1e9

/** Weights by parameter name, each in the shape its parameter has. */
export type Weights = ReadonlyMap<string, HostArray>

/**
 * ModelProto bytes: input_ids, attention_mask, token_type_ids int64 [batch_size, sequence_length] → logits float32
 * [batch_size, C]. Only ai.onnx operators, so that any runtime can load it.
 */
export function onnxModel(model: SequenceClassifier, weights: Weights): Uint8Array {
  const graph = new Graph()
  const [ids, mask, types] = ONNX_INPUTS.map((name) => graph.feed(name, 'int64', [BATCH, SEQUENCE]))
  const logits = model.forward(
    { graph, training: false },
    { ids: ids!, typeIds: types!, attentionBias: paddingBias(mask!) },
  )
  graph.output(ONNX_OUTPUT, logits)
  return emitOnnx(inferenceGraph(graph), { target: PLAIN_TARGET, weights })
}

/** attention_mask [B,T] of 1 and 0 → [B,1,1,T] of 0 and `MASKED`. */
function paddingBias(mask: Value): Value {
  return reshape(affine(cast(mask, 'float32'), -MASKED, MASKED), [BATCH, 1, 1, SEQUENCE])
}
