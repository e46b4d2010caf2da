/** The subclass of Trainer that a run needs, if any: each method for one setting that the Trainer has no argument for. */
import type { RunConfig } from '../domain/runConfig'
import { literal } from './python'

/** Empty where the Trainer itself does. */
export function trainerClass(config: RunConfig): string {
  const methods = [
    config.train_sampling_strategy === 'random' && ORDER,
    config.class_weights !== null && WEIGHT_OF_STEP,
    config.max_grad_value > 0 && clipByValue(config.max_grad_value),
    optimizerMethod(config),
  ].filter((method) => method !== false)
  return methods.length === 0 ? '' : `class StudioTrainer(Trainer):\n${methods.join('\n\n')}`
}

/** Whether the loss must be told how much a whole step weighs: the Trainer's own is the mean of one batch. */
export function needsOwnLoss(config: RunConfig): boolean {
  return config.class_weights !== null || config.gradient_accumulation_steps > 1
}

/** `compute_loss_func` of the Trainer: the mean over all answers of an optimizer step. */
export function lossFunction(lossSum: string): string {
  return `def mean_loss(outputs, labels, num_items_in_batch=None):
    logits = outputs.logits
    total = ${lossSum.replaceAll('\n', '\n    ')}
    return total / num_items_in_batch`
}

/** As engine/train/classWeights.ts: a map by label, or n / (k · count). */
export function classWeightLines(setting: RunConfig['class_weights'], classIds: string): string[] {
  if (setting === null) return []
  if (setting !== 'balanced')
    return [
      `WEIGHTS = ${literal(setting)}`,
      'CLASS_WEIGHTS = torch.tensor([WEIGHTS.get(label, 1) for label in model.config.label2id])',
    ]
  return [
    `CLASS_IDS = torch.tensor(${classIds})`,
    'COUNTS = CLASS_IDS.bincount(minlength=model.config.num_labels)',
    'CLASS_WEIGHTS = torch.where(COUNTS > 0, COUNTS.sum() / (len(COUNTS) * COUNTS), 1.0)',
  ]
}

const ORDER = `    def _get_train_sampler(self, train_dataset=None):
        return StudioOrder(self.train_dataset)`

const WEIGHT_OF_STEP = `    def _get_num_items_in_batch(self, batch_samples, device):
        labels = torch.cat([batch["labels"].flatten() for batch in batch_samples])
        return CLASS_WEIGHTS[labels[labels >= 0]].sum().to(device)`

const clipByValue = (limit: number) => `    def _clip_grad_norm(self, model):
        torch.nn.utils.clip_grad_value_(model.parameters(), ${literal(limit)})
        return super()._clip_grad_norm(model)`

function optimizerMethod({ optim, layerwise_lr_decay: decay }: RunConfig): string | false {
  const lines = [
    ...(decay < 1
      ? [
          `        rates = {p: ${literal(decay)} ** (TOP - layer_of(name)) for name, p in self.model.named_parameters()}`,
          '        groups = [{**group, "params": [p], "lr": group["lr"] * rates[p]} for group in groups for p in group["params"]]',
        ]
      : []),
    ...(optim === 'adam_torch'
      ? [
          '        kept = ("params", "lr", "betas", "eps", "weight_decay")',
          '        groups = [{key: group[key] for key in kept} for group in groups]',
        ]
      : []),
  ]
  if (lines.length === 0) return false
  const made = optim === 'adam_torch' ? 'torch.optim.Adam' : 'type(self.optimizer)'
  return `    def create_optimizer(self, model=None):
        if self.optimizer is None:
            groups = super().create_optimizer(model).param_groups
${lines.map((line) => `    ${line}`).join('\n')}
            self.optimizer = ${made}(groups)
        return self.optimizer`
}
