/** What of a model trains: low-rank adapters, frozen layers, rates by layer (docs/cli.md, "Transfer learning"). */
import { z } from 'zod'

/** Settings of PEFT's LoraConfig under its names and with its defaults (Hu et al. 2021, "LoRA"). */
export const LoraSettings = z.strictObject({
  type: z.literal('lora'),
  /** Rank of the update. */
  r: z.int().min(1).max(4096).default(8),
  /** The update is scaled by lora_alpha / r. */
  lora_alpha: z.number().positive().default(8),
  /** Dropout of what goes into the update. */
  lora_dropout: z.number().min(0).lt(1).default(0),
  /** Names (or ends of names) of linear modules, all-linear, or a regular expression; null: the attention's queries and values. */
  target_modules: z.union([z.null(), z.string().min(1), z.array(z.string().min(1)).min(1)]).default(null),
  /** Modules that train whole and are saved with the adapter; null: the classifier, as PEFT does. */
  modules_to_save: z.union([z.null(), z.array(z.string().min(1))]).default(null),
  /** Scale by lora_alpha / √r (Kalajdzievski 2023). */
  use_rslora: z.boolean().default(false),
})
export type LoraSettings = z.output<typeof LoraSettings>

export const transferShape = {
  /** Trains a small update beside frozen weights. */
  adapter: LoraSettings.nullable(),
  /** Parameters whose names match one of these (`*` any characters, `?` one) keep their values. */
  freeze: z.array(z.string().min(1)),
  /** Only the last k layers and the head train; 0: the head alone; null: every layer. */
  trainable_layers: z.union([z.null(), z.int().min(0)]),
  /** Each layer learns at this times the rate of the one above it; the head at the full rate. */
  layerwise_lr_decay: z.number().gt(0).max(1),
  /** Where the head alone trains: run the frozen layers once a row, without their dropout, and keep what they say. */
  cache_features: z.boolean(),
}
export type TransferSettings = { [K in keyof typeof transferShape]: z.output<(typeof transferShape)[K]> }

export const TRANSFER_DEFAULTS: TransferSettings = {
  adapter: null,
  freeze: [],
  trainable_layers: null,
  layerwise_lr_decay: 1,
  cache_features: false,
}
