/** Perplexity: exp of the mean negative log-likelihood a token, over the whole corpus (as Transformers' run_clm). */

export interface TokenLoss {
  /** Sum over tokens of -ln p, in nats. */
  lossNats: number
  tokens: number
}

/** Batches weigh by their tokens. NaN without tokens, Infinity where exp overflows. */
export function perplexityOf(batches: Iterable<TokenLoss>): number {
  let lossNats = 0
  let tokens = 0
  for (const batch of batches) {
    lossNats += batch.lossNats
    tokens += batch.tokens
  }
  return Math.exp(lossNats / tokens)
}

/** Bits a byte of text: comparable across tokenizers, as perplexity is not. */
export function bitsPerByteOf(lossNats: number, bytes: number): number {
  return lossNats / Math.LN2 / bytes
}
