/** Sizes of an encoder that starts from random weights. */
import { smallEncoderConfig } from '../../../shared/domain/smallEncoder'
import { formatParameters } from '../format/number'

export interface EncoderPreset {
  id: string
  layers: number
  hidden: number
}

export const ENCODER_PRESETS = [
  { id: '2x128', layers: 2, hidden: 128 },
  { id: '4x256', layers: 4, hidden: 256 },
  { id: '6x384', layers: 6, hidden: 384 },
] as const satisfies readonly EncoderPreset[]

const POSITIONS = 512

/** Fields of the Hugging Face BERT config. */
export function encoderConfig({ layers, hidden }: EncoderPreset): Record<string, number> {
  return smallEncoderConfig(layers, hidden)
}

/** Weights and biases of a BERT encoder with pooler: embeddings, layers of 12 h² + 13 h, pooler. */
export function encoderParameters({ layers, hidden }: EncoderPreset, vocabSize: number): number {
  const embeddings = (vocabSize + POSITIONS + 2) * hidden + 2 * hidden
  return embeddings + layers * (12 * hidden * hidden + 13 * hidden) + hidden * hidden + hidden
}

export function presetLabel(preset: EncoderPreset, vocabSize: number): string {
  return `${preset.layers} layers × ${preset.hidden}, ${formatParameters(encoderParameters(preset, vocabSize))} parameters`
}

/** The preset whose shape a config has. */
export function presetOf(config: Record<string, unknown>): EncoderPreset | undefined {
  return ENCODER_PRESETS.find(
    (preset) => preset.layers === config.num_hidden_layers && preset.hidden === config.hidden_size,
  )
}

/** Quick baselines that classify rows, in the studio's own format. */
export const BASELINE_MODELS = [
  { architecture: 'tunesmith-text-cnn', label: 'text CNN, in the studio’s own format' },
  { architecture: 'tunesmith-bag-of-embeddings', label: 'bag of embeddings, in the studio’s own format' },
] as const
