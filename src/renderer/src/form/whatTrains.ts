/** What of the model trains, as the form offers it: one choice, and the settings that say the same. */
import {
  LoraSettings,
  TRANSFER_DEFAULTS,
  transferShape,
  type TransferSettings,
} from '../../../shared/domain/transfer'

export const WHAT_TRAINS = ['all', 'last', 'lora', 'head'] as const
export type WhatTrains = (typeof WHAT_TRAINS)[number]

export const WHAT_TRAINS_LABELS: Record<WhatTrains, string> = {
  all: 'the whole model',
  last: 'the last layers and the head',
  lora: 'a LoRA adapter',
  head: 'the head alone',
}

/** Settings of the form, with the defaults for what nobody set or what does not parse. */
export function transferSettings(edits: Record<string, unknown>): TransferSettings {
  const parsed = Object.entries(transferShape).map(([key, schema]) => {
    const result = schema.safeParse(edits[key])
    return [key, result.success ? result.data : TRANSFER_DEFAULTS[key as keyof TransferSettings]]
  })
  return Object.fromEntries(parsed) as TransferSettings
}

export function whatTrains({ adapter, trainable_layers }: TransferSettings): WhatTrains {
  if (adapter !== null) return 'lora'
  if (trainable_layers === null) return 'all'
  return trainable_layers === 0 ? 'head' : 'last'
}

/** The settings of a choice: those that would contradict it go back to their defaults. */
export function settingsOf(choice: WhatTrains): Partial<TransferSettings> {
  return {
    adapter: choice === 'lora' ? LoraSettings.parse({ type: 'lora' }) : null,
    trainable_layers: choice === 'head' ? 0 : choice === 'last' ? 2 : null,
    cache_features: false,
    ...(choice === 'lora' && { freeze: [] }),
  }
}

/** Module names as typed, with commas; one word that is all-linear or a pattern stays a word; nothing: the usual ones. */
export function typedModules(text: string): LoraSettings['target_modules'] {
  const names = text.split(',').flatMap((name) => name.trim() || [])
  if (names.length === 0) return null
  const [only] = names
  return names.length === 1 && (only === 'all-linear' || /[*+?()|[\\]/.test(only!)) ? only! : names
}

export function shownModules(modules: LoraSettings['target_modules']): string {
  return [modules ?? []].flat().join(', ')
}
