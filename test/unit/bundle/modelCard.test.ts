import { describe, expect, it } from 'vitest'
import { type CardFacts, modelCard } from '../../../src/main/engine/bundle/modelCard'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'

const facts: CardFacts = {
  name: 'Fields: "first" run\n---',
  dataset: 'semantic-fields',
  config: parseRunConfig({
    task: 'sequence-classification',
    model: { architecture: 'bert', config: {} },
    dataset: { sample: 'semantic-fields' },
    learning_rate: 1e-3,
    class_weights: 'balanced',
  }),
  metrics: { loss: 0.61, accuracy: 0.8123456789, f1: 0.79, runtime: 3 },
  log: [
    {
      event: 'step',
      step: 5,
      epoch: 0.5,
      loss: 1.25,
      grad_norm: 1,
      learning_rate: 1e-3,
      tokens_per_second: 1,
      samples_per_second: 1,
    },
    { event: 'evaluate', step: 5, epoch: 0.5, metrics: { loss: 0.7, accuracy: 0.75 } },
    { event: 'baseline', name: 'bag of words', metrics: { accuracy: 0.828 } },
  ],
  labels: ['noun.animal', '<script>|x'],
  maskToken: null,
  modelType: 'bert',
  onnxInputs: ['input_ids', 'attention_mask', 'token_type_ids'],
  isOwnFormat: false,
  summary: 'bert, 2 layers',
  parity: [{ file: 'onnx/model.onnx', maxAbsDiff: 2.5e-7, rows: 64, passed: true, note: null }],
  versions: { Tunesmith: '0.1.0' },
}
const card = modelCard(facts)
const [, front = ''] = card.split('---\n')

describe('model card', () => {
  it('opens with front matter that the hub understands', () => {
    expect(card.startsWith('---\nlibrary_name: transformers\npipeline_tag: text-classification\n')).toBe(true)
    expect(front).toContain('- name: "Fields: \\"first\\" run ---"')
    expect(front).toContain('    - type: accuracy\n      value: 0.812346\n')
    expect(front).toContain('      type: "semantic-fields"\n      split: validation')
  })

  it('sets the baseline beside the model', () => {
    expect(card).toContain('| this model | 0.6100 | 0.8123 | 0.7900 |')
    expect(card).toContain('| bag of words | – | 0.8280 | – |')
  })

  it('tells how it was trained', () => {
    expect(card).toContain('- learning_rate: 0.001')
    expect(card).toContain('- class_weights: "balanced"')
    expect(card).toContain('| 1.2500 | 0.50 | 5 | 0.7000 | 0.7500 |')
  })

  it('lets nothing of the user become markup', () => {
    expect(card).not.toContain('<script>')
    expect(card).toContain('- 1: \\<script\\>\\|x')
  })

  it('says that Transformers does not load what is in the own format', () => {
    const own = modelCard({ ...facts, isOwnFormat: true, onnxInputs: ['input_ids', 'attention_mask'] })
    expect(own).toContain('library_name: tunesmith\n')
    expect(own).toContain('Transformers and transformers.js do not load')
    expect(own).not.toContain('from transformers import')
    expect(own).not.toContain('token_type_ids')
    expect(card).toContain('takes `input_ids`, `attention_mask`, `token_type_ids` (int64')
  })

  it('names what the export measured', () => {
    expect(card).toContain('| `onnx/model.onnx` | 64 | 2.5e-7 |  |')
  })
})
