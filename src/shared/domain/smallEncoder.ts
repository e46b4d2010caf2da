/**
 * The config of an encoder that starts from random weights, in Hugging Face's BERT fields. Heads are 32 wide, as in
 * MiniLM. BERT's initializer_range of 0.02 is meant for layers 768 wide: in narrower ones it lets the signal fade, so
 * it is scaled to keep the variance of a layer's output (Glorot and Bengio 2010).
 */
const HEAD_SIZE = 32
const BERT_HIDDEN_SIZE = 768
const BERT_INITIALIZER_RANGE = 0.02

export function smallEncoderConfig(layers: number, hiddenSize: number): Record<string, number> {
  const range = BERT_INITIALIZER_RANGE * Math.sqrt(BERT_HIDDEN_SIZE / hiddenSize)
  return {
    num_hidden_layers: layers,
    hidden_size: hiddenSize,
    num_attention_heads: hiddenSize / HEAD_SIZE,
    intermediate_size: hiddenSize * 4,
    initializer_range: Number(range.toPrecision(2)),
  }
}
