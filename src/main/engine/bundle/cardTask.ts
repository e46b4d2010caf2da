/** What a model card says of each kind of answer: the hub's task, what the model does, how it is called, its figures. */
import type { Problem } from '../../../shared/domain/tasks'

export interface CardTask {
  /** pipeline_tag of the hub. */
  tag: string
  tagName: string
  /** "… to" do what. */
  purpose(labels: readonly string[]): string
  /** Name of the pipeline's variable, and a text to try. */
  call: string
  /** What the pipeline of Transformers is told beside the text. */
  options: (maxLength: number) => string
  example: string
  /** Shape of `logits`. */
  logits: string
  /** Metric names of the hub, by ours. */
  metrics: Readonly<Record<string, readonly [type: string, name: string]>>
  /** The figure of the table of evaluations. */
  judgedBy: readonly [name: string, label: string]
}

const CLASSIFICATION = {
  tag: 'text-classification',
  tagName: 'Text Classification',
  call: 'classify',
  options: (maxLength: number) => `, truncation=True, max_length=${maxLength}`,
  example: 'A text to sort.',
  logits: 'batch × labels',
} as const

export const CARD_TASKS: Readonly<Record<Problem, CardTask>> = {
  'single-label': {
    ...CLASSIFICATION,
    purpose: (labels) => `sort text into ${labels.length} classes`,
    metrics: {
      accuracy: ['accuracy', 'Accuracy'],
      f1: ['f1', 'Macro F1'],
      f1_macro: ['f1', 'Macro F1'],
      macro_f1: ['f1', 'Macro F1'],
      mcc: ['matthews_correlation', 'Matthews correlation'],
      matthews_correlation: ['matthews_correlation', 'Matthews correlation'],
    },
    judgedBy: ['accuracy', 'Accuracy'],
  },
  'multi-label': {
    ...CLASSIFICATION,
    purpose: (labels) => `give text any of ${labels.length} labels`,
    options: (maxLength) => `${CLASSIFICATION.options(maxLength)}, top_k=None`,
    metrics: { f1_micro: ['f1', 'Micro F1'], subset_accuracy: ['accuracy', 'Subset accuracy'] },
    judgedBy: ['f1_micro', 'Micro F1'],
  },
  regression: {
    ...CLASSIFICATION,
    purpose: () => 'give text a number',
    options: (maxLength) => `${CLASSIFICATION.options(maxLength)}, function_to_apply="none"`,
    example: 'A text to rate.',
    logits: 'batch × 1: the number itself',
    metrics: { mse: ['mse', 'Mean squared error'], mae: ['mae', 'Mean absolute error'] },
    judgedBy: ['mse', 'Mean squared error'],
  },
  'token-classification': {
    tag: 'token-classification',
    tagName: 'Token Classification',
    purpose: (labels) => `tag tokens with ${labels.length} tags`,
    call: 'tag',
    options: () => '',
    example: 'A sentence to tag.',
    logits: 'batch × sequence × tags',
    metrics: {
      f1: ['f1', 'Entity F1'],
      precision: ['precision', 'Entity precision'],
      recall: ['recall', 'Entity recall'],
      accuracy: ['accuracy', 'Token accuracy'],
    },
    judgedBy: ['f1', 'Entity F1'],
  },
  'masked-lm': {
    tag: 'fill-mask',
    tagName: 'Fill-Mask',
    purpose: () => 'fill in masked tokens',
    call: 'fill',
    options: () => '',
    example: 'A text with a MASK in it.',
    logits: 'batch × sequence × vocabulary',
    metrics: {
      pseudo_perplexity: ['perplexity', 'Pseudo-perplexity of masked tokens'],
      accuracy: ['accuracy', 'Accuracy on masked tokens'],
    },
    judgedBy: ['pseudo_perplexity', 'Pseudo-perplexity'],
  },
}
