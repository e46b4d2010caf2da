/**
 * The ONNX file of a bundle: the training modules traced forward with symbolic dimensions, weights inside. Names of
 * inputs, outputs and dynamic axes are those that optimum exports and transformers.js expects.
 */
import type { HostArray } from '../ir/dtype'
import { Graph, type Value } from '../ir/graph'
import type { TaskModel } from '../models/architecture'
import { modelLogits } from '../models/classifierGraph'
import { emitOnnx, PLAIN_TARGET } from '../onnx/emit'
import { affine, cast } from '../ops/elementwise'
import { reshape } from '../ops/movement'
import { MASKED_SCORE } from '../ops/relative'
import { inferenceGraph } from '../passes/trainingGraph'

/** Weights by parameter name, each in the shape its parameter has. */
export type Weights = ReadonlyMap<string, HostArray>

const SHAPE = ['batch_size', 'sequence_length'] as const

/** Names of the inputs of the model's ONNX file. */
export function onnxInputs({ encoder }: TaskModel): readonly string[] {
  return ['input_ids', 'attention_mask', ...(encoder.typeVocabSize > 1 ? ['token_type_ids'] : [])]
}

/**
 * ModelProto bytes: input_ids, attention_mask and, where the model tells types apart, token_type_ids, int64
 * [batch_size, sequence_length] → logits float32 [batch_size, C]. Only ai.onnx operators, so that any runtime can load it.
 */
export function onnxModel(model: TaskModel, weights: Weights): Uint8Array {
  const graph = new Graph()
  const ids = graph.feed('input_ids', 'int64', SHAPE)
  const mask = graph.feed('attention_mask', 'int64', SHAPE)
  const hasTypes = onnxInputs(model).includes('token_type_ids')
  const typeIds = hasTypes && { typeIds: graph.feed('token_type_ids', 'int64', SHAPE) }
  const attentionBias = graph.scope('attention_mask', () => paddingBias(mask))
  graph.output('logits', modelLogits(model, { graph, training: false }, { ids, ...typeIds, attentionBias }))
  return emitOnnx(inferenceGraph(graph), { target: PLAIN_TARGET, weights })
}

/** attention_mask [B,T] of 1 and 0 → [B,1,1,T] of 0 and `MASKED_SCORE`. */
function paddingBias(mask: Value): Value {
  const [rows, length] = SHAPE
  return reshape(affine(cast(mask, 'float32'), -MASKED_SCORE, MASKED_SCORE), [rows, 1, 1, length])
}
