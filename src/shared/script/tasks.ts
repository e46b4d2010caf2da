/** What a script does otherwise from problem to problem, as Python: reading rows, padding, loss, metrics. */
import type { RunConfig } from '../domain/runConfig'
import type { Problem } from '../domain/tasks'
import { call, literal } from './python'

export interface ScriptTask {
  /** Of Transformers. */
  modelClass: string
  collator: 'DataCollatorWithPadding' | 'DataCollatorForTokenClassification'
  /** Names needed of other packages, by module. */
  imports: Readonly<Record<string, readonly string[]>>
  /** `encode(row)`: a line of the data as the model takes it. */
  encode(config: RunConfig): string
  /** `compute_metrics(answers)`, under the studio's names. */
  metrics: string
  /** Sum of the losses of all answers, of `logits` and `labels`. */
  lossSum(config: RunConfig): string
  /** All class ids of the training rows, where the loss has classes that may weigh differently. */
  classIds?: string
  /** Whether logits are cut to the likeliest class before they are kept for the metrics. */
  keepsArgMax: boolean
}

const SCORES = ['accuracy_score', 'matthews_corrcoef', 'precision_recall_fscore_support']

const tokenized = ({ max_length, columns }: RunConfig) =>
  `tokenizer(row["text"]${columns.text_pair === undefined ? '' : ', row["text_pair"]'}, truncation=True, max_length=${max_length})`

const encodeWith = (config: RunConfig, labels: string) => `def encode(row):
    return {**${tokenized(config)}, "labels": ${labels}}`

const crossEntropy = ({ class_weights, label_smoothing_factor: smoothing }: RunConfig) =>
  call('cross_entropy', [
    'logits.flatten(0, -2)',
    'labels.flatten()',
    ...(class_weights === null ? [] : ['weight=CLASS_WEIGHTS.to(logits)']),
    ...(smoothing === 0 ? [] : [`label_smoothing=${literal(smoothing)}`]),
    'reduction="sum"',
  ])

const singleLabel: ScriptTask = {
  modelClass: 'AutoModelForSequenceClassification',
  collator: 'DataCollatorWithPadding',
  imports: { 'sklearn.metrics': SCORES },
  encode: (config) => encodeWith(config, 'model.config.label2id[row["label"]]'),
  metrics: `def compute_metrics(answers):
    predicted, labels = answers.predictions.argmax(-1), answers.label_ids
    precision, recall, f1, _ = precision_recall_fscore_support(labels, predicted, average="macro", zero_division=0)
    return {
        "accuracy": accuracy_score(labels, predicted),
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "matthews_correlation": matthews_corrcoef(labels, predicted),
    }`,
  lossSum: crossEntropy,
  classIds: '[item["labels"] for item in train_rows]',
  keepsArgMax: false,
}

const multiLabel: ScriptTask = {
  modelClass: 'AutoModelForSequenceClassification',
  collator: 'DataCollatorWithPadding',
  imports: { 'sklearn.metrics': ['accuracy_score', 'f1_score', 'precision_score', 'recall_score'] },
  encode: (config) => encodeWith(config, '[float(label in row["label"]) for label in model.config.label2id]'),
  metrics: `def compute_metrics(answers):
    given, labels = answers.predictions >= 0, answers.label_ids
    return {
        "subset_accuracy": accuracy_score(labels, given),
        "f1_micro": f1_score(labels, given, average="micro", zero_division=0),
        "f1_macro": f1_score(labels, given, average="macro", zero_division=0),
        "precision_micro": precision_score(labels, given, average="micro", zero_division=0),
        "recall_micro": recall_score(labels, given, average="micro", zero_division=0),
    }`,
  lossSum: () => 'binary_cross_entropy_with_logits(logits, labels, reduction="sum")',
  keepsArgMax: false,
}

const regression: ScriptTask = {
  modelClass: 'AutoModelForSequenceClassification',
  collator: 'DataCollatorWithPadding',
  imports: {
    'scipy.stats': ['spearmanr'],
    'sklearn.metrics': ['mean_absolute_error', 'mean_squared_error', 'r2_score'],
  },
  encode: (config) => encodeWith(config, 'float(row["label"])'),
  metrics: `def compute_metrics(answers):
    predicted, labels = answers.predictions.squeeze(-1), answers.label_ids
    return {
        "mse": mean_squared_error(labels, predicted),
        "mae": mean_absolute_error(labels, predicted),
        "r2": r2_score(labels, predicted),
        "spearman": spearmanr(labels, predicted).statistic,
    }`,
  lossSum: () => 'mse_loss(logits.squeeze(-1), labels, reduction="sum")',
  keepsArgMax: false,
}

const tokenClassification: ScriptTask = {
  modelClass: 'AutoModelForTokenClassification',
  collator: 'DataCollatorForTokenClassification',
  imports: {
    'seqeval.metrics': ['accuracy_score', 'f1_score', 'precision_score', 'recall_score'],
    sklearn: ['metrics'],
  },
  encode: ({ max_length }) => `def encode(row):
    item = tokenizer(row["tokens"], is_split_into_words=True, truncation=True, max_length=${max_length})
    words = item.word_ids()
    # A tag belongs to the first piece of its token.
    labels = [
        -100 if word is None or word == before else model.config.label2id[row["tags"][word]]
        for before, word in zip([None, *words], words)
    ]
    return {**item, "labels": labels}`,
  metrics: `def compute_metrics(answers):
    names = model.config.id2label
    rows = [(row >= 0).nonzero()[0] for row in answers.label_ids]
    tags = [[names[i] for i in row[at]] for row, at in zip(answers.label_ids, rows)]
    predicted = [[names[i] for i in row[at]] for row, at in zip(answers.predictions, rows)]
    if not any(name[:2] in ("B-", "I-", "E-", "S-", "L-", "U-") for name in names.values()):
        flat = [sum(tags, []), sum(predicted, [])]
        f1 = metrics.f1_score(*flat, average="macro", zero_division=0)
        return {"accuracy": metrics.accuracy_score(*flat), "f1_macro": f1}
    return {
        "f1": f1_score(tags, predicted, zero_division=0),
        "precision": precision_score(tags, predicted, zero_division=0),
        "recall": recall_score(tags, predicted, zero_division=0),
        "accuracy": accuracy_score(tags, predicted),
    }`,
  lossSum: crossEntropy,
  classIds: '[label for item in train_rows for label in item["labels"] if label >= 0]',
  keepsArgMax: true,
}

const maskedLm: ScriptTask = {
  modelClass: 'AutoModelForMaskedLM',
  collator: 'DataCollatorForTokenClassification',
  imports: {},
  encode: (config) => `def encode(row):
    item = ${tokenized(config)}
    return {**item, "words": item.word_ids()}`,
  metrics: `def compute_metrics(answers):
    asked = answers.label_ids >= 0
    return {"accuracy": float((answers.predictions == answers.label_ids)[asked].mean())}`,
  lossSum: crossEntropy,
  keepsArgMax: true,
}

export const SCRIPT_TASKS: Readonly<Record<Problem, ScriptTask>> = {
  'single-label': singleLabel,
  'multi-label': multiLabel,
  regression,
  'token-classification': tokenClassification,
  'masked-lm': maskedLm,
}
