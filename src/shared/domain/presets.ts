/** Settings to begin with, by name: `train --preset`, and the menu in Train. To add one: an entry here. */
import { UserError } from '../errors'
import { nearestName } from '../nearest'
import { SAMPLE_RUN } from './sampleRun'
import { DEFAULT_STARTER } from './starters'

export interface RunPreset {
  id: string
  label: string
  help: string
  /** Of the run config, under what the user chose. */
  settings: Readonly<Record<string, unknown>>
}

export const RUN_PRESETS: readonly RunPreset[] = [
  {
    id: 'classic',
    label: 'Classic fine-tuning example',
    help: 'What tutorials for Transformers print: 3 epochs, batches of 16, 500 steps of warm-up, evaluated every 10 steps; all else as the Trainer has it. On the starter, or any model chosen.',
    settings: {
      task: 'sequence-classification',
      model: { starter: DEFAULT_STARTER },
      num_train_epochs: 3,
      per_device_train_batch_size: 16,
      per_device_eval_batch_size: 64,
      warmup_steps: 500,
      weight_decay: 0.01,
      logging_steps: 10,
      eval_strategy: 'steps',
    },
  },
  {
    id: 'sample',
    label: 'Sample run',
    help: 'The starter encoder on the semantic fields of WordNet, evaluated each epoch; ends with its best weights.',
    settings: SAMPLE_RUN,
  },
]

/** @throws UserError `bad-input` naming the presets there are */
export function presetNamed(id: string): RunPreset {
  const found = RUN_PRESETS.find((preset) => preset.id === id)
  if (found) return found
  const known = RUN_PRESETS.map((preset) => preset.id)
  const near = nearestName(id, known)
  throw new UserError('bad-input', `There is no preset ${id}.`, {
    where: { field: '--preset' },
    hint: near ? `Did you mean ${near}?` : `There are ${known.join(', ')}.`,
  })
}

/** The settings of a preset that say how, not what: model, data and task stay as they are chosen. */
export function presetArguments({ settings }: RunPreset): Record<string, unknown> {
  const subject = ['task', 'model', 'dataset']
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !subject.includes(name)))
}
