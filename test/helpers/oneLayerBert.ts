/** Fields of a BERT that trains in a moment from random weights. */
export const ONE_LAYER_BERT = {
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 32,
}
