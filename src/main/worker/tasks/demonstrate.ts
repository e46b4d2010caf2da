/** The `demonstrate` task: what a live figure shows, computed by the functions that training and scoring use. */
import type { DemonstrationResults, Demonstration } from '../../../shared/domain/demonstration'
import { attentionOver, normalization, softmaxAt } from '../demonstrations/layers'
import { clipping, dropout, earlyStopping, weightDecay } from '../demonstrations/optimization'
import { bleuOf, confusion, rougeOf } from '../demonstrations/scores'
import { sentenceUnder } from '../demonstrations/sentence'
import { tokenizerSteps } from '../demonstrations/tokens'
import type { DemonstrateTask, TaskResults } from '../protocol'

export async function demonstrateTask(task: DemonstrateTask): Promise<TaskResults['demonstrate']> {
  return { answer: await answer(task) }
}

async function answer({
  asked,
  modelDir,
}: DemonstrateTask): Promise<DemonstrationResults[Demonstration['kind']]> {
  switch (asked.kind) {
    case 'clipping':
      return clipping(asked.gradients, asked.maxNorm)
    case 'dropout':
      return dropout(asked.probability, asked.step)
    case 'weight-decay':
      return weightDecay(asked.decay, asked.steps)
    case 'normalization':
      return normalization(asked.rows)
    case 'softmax':
      return softmaxAt(asked.logits, asked.temperature)
    case 'attention':
      return attentionOver(asked.words, asked.heads, asked.mask, asked.window)
    case 'confusion':
      return confusion(asked.matrix)
    case 'bleu':
      return bleuOf(asked.hypothesis, asked.reference)
    case 'rouge':
      return rougeOf(asked.prediction, asked.reference)
    case 'sentence':
      return sentenceUnder(modelDir, asked.text)
    case 'early-stopping':
      return earlyStopping(asked.losses, asked.patience, asked.threshold)
    case 'tokenizer':
      return tokenizerSteps(asked.type, asked.text, asked.word, asked.merges)
  }
}
