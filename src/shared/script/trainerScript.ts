/**
 * A run as a Python script for the Trainer of Transformers 5: the same model, rows, order and arguments. Beside it lie the
 * rows and the weights before the first step (services/trainerScript.ts writes them).
 */
import { isRandom, type RunConfig } from '../domain/runConfig'
import { problemOf } from '../domain/tasks'
import { UserError } from '../errors'
import { DRAWS, maskedRowsClass, orderClass } from './draws'
import { call, importLines, literal } from './python'
import { SCRIPT_TASKS } from './tasks'
import { classWeightLines, lossFunction, needsOwnLoss, trainerClass } from './trainer'
import { trainingCall } from './trainingCall'

export interface ScriptSubject {
  /** Complete: roles of columns and what the labels are written out. */
  config: RunConfig
  /** Of the run, for the first line. */
  name: string
  /** Folder beside the script with data/, model/ and, of a run with one, adapter/. */
  files: string
}

/** @throws UserError `unsupported` for models of the studio's own format */
export function trainerScript(subject: ScriptSubject): string {
  const { config } = subject
  if (typeof config.model !== 'string' && isRandom(config.model))
    requireTransformersModel(config.model.architecture)
  if (config.mixup_alpha !== null)
    throw new UserError('unsupported', 'The Trainer has no mixup, so there is no script of this run.', {
      where: { field: 'mixup_alpha' },
    })
  const task = SCRIPT_TASKS[problemOf(config)]
  const isMasked = config.task === 'masked-lm'
  const isShuffled = config.train_sampling_strategy === 'random'
  const subclass = trainerClass(config)
  const definitions = [
    loading(subject),
    task.encode(config),
    READ,
    ...when(isShuffled || isMasked, DRAWS),
    ...when(isShuffled, orderClass(config)),
    ...when(isMasked, maskedRowsClass(config)),
    task.metrics,
    ...when(needsOwnLoss(config), lossFunction(task.lossSum(config))),
    ...when(needsLayers(config), LAYER_OF),
    ...when(subclass !== '', subclass),
    training(config, subclass === '' ? 'Trainer' : 'StudioTrainer'),
  ]
  return `${header(subject)}\n\n${definitions.join('\n\n\n')}\n`
}

function when(isWanted: boolean, ...lines: string[]): string[] {
  return isWanted ? lines : []
}

/** What it is, and what it imports. */
function header(subject: ScriptSubject): string {
  const { config } = subject
  const task = SCRIPT_TASKS[problemOf(config)]
  const standard = {
    ...(config.freeze.length > 0 && { fnmatch: [] }),
    json: [],
    ...(needsLayers(config) && { re: [] }),
    pathlib: ['Path'],
  }
  const lossSum = task.lossSum(config)
  const packages = {
    torch: [],
    ...(config.adapter !== null && { peft: ['PeftModel'] }),
    ...task.imports,
    ...(needsOwnLoss(config) && { 'torch.nn.functional': [lossSum.slice(0, lossSum.indexOf('('))] }),
    transformers: [
      task.modelClass,
      'AutoTokenizer',
      task.collator,
      'Trainer',
      'TrainingArguments',
      ...when(config.early_stopping_patience !== null, 'EarlyStoppingCallback'),
    ],
  }
  return [docstring(subject, Object.keys(packages)), importLines(standard), importLines(packages)].join(
    '\n\n',
  )
}

function loading({ config, files }: ScriptSubject): string {
  const { modelClass } = SCRIPT_TASKS[problemOf(config)]
  return [
    'HERE = Path(__file__).resolve().parent',
    `FILES = HERE / ${literal(files)}`,
    '',
    'tokenizer = AutoTokenizer.from_pretrained(FILES / "model")',
    `model = ${modelClass}.from_pretrained(FILES / "model")`,
    ...when(
      config.adapter !== null,
      'model = PeftModel.from_pretrained(model, FILES / "adapter", is_trainable=True)',
    ),
  ].join('\n')
}

function training(config: RunConfig, trainer: string): string {
  const task = SCRIPT_TASKS[problemOf(config)]
  const isMasked = config.task === 'masked-lm'
  const evaluates = config.eval_strategy !== 'no'
  const { early_stopping_patience: patience, early_stopping_threshold: threshold } = config
  const made = call(trainer, [
    'model=model',
    `args=${trainingCall(config).replaceAll('\n', '\n    ')}`,
    'train_dataset=train_rows',
    ...when(evaluates, 'eval_dataset=validation_rows'),
    `data_collator=${task.collator}(tokenizer)`,
    'processing_class=tokenizer',
    ...when(evaluates, 'compute_metrics=compute_metrics'),
    ...when(
      evaluates && task.keepsArgMax,
      'preprocess_logits_for_metrics=lambda logits, labels: logits.argmax(-1)',
    ),
    ...when(needsOwnLoss(config), 'compute_loss_func=mean_loss'),
    ...when(patience !== null, `callbacks=[EarlyStoppingCallback(${patience}, ${literal(threshold)})]`),
  ])
  return [
    `train_rows = ${isMasked ? 'MaskedRows(read("train"))' : 'read("train")'}`,
    ...when(
      evaluates,
      `validation_rows = ${isMasked ? 'MaskedRows(read("validation"), is_held_out=True)' : 'read("validation")'}`,
    ),
    ...classWeightLines(config.class_weights, task.classIds ?? ''),
    ...freezing(config),
    '',
    `trainer = ${made}`,
    'trainer.train()',
    `trainer.save_model()${config.adapter === null ? '' : '  # the adapter'}`,
    ...when(
      config.adapter !== null,
      'trainer.model.merge_and_unload().save_pretrained(HERE / "output" / "merged")',
    ),
    'trainer.save_state()',
  ].join('\n')
}

/** @throws UserError `unsupported` */
export function requireTransformersModel(architecture: string): void {
  if (!architecture.startsWith('tunesmith-')) return
  throw new UserError('unsupported', 'Transformers has no model of this kind, so there is no script of it.', {
    where: { field: 'model' },
    hint: `${architecture} is the studio’s own format; scripts are for encoders such as bert.`,
  })
}

function docstring({ config, name, files }: ScriptSubject, packages: readonly string[]): string {
  const imported = [
    ['peft', 'peft'],
    ['scipy.stats', 'scipy'],
    ['sklearn.metrics', 'scikit-learn'],
    ['sklearn', 'scikit-learn'],
    ['seqeval.metrics', 'seqeval'],
  ].flatMap(([module, distribution]) => (packages.includes(module!) ? [distribution!] : []))
  // The Trainer has its Lion from there.
  const wanted = [...imported, ...when(config.optim === 'lion_32bit', 'bitsandbytes')]
  const title = name.replace(/["\\\n\r]/g, ' ')
  return [
    `"""${title}, a run of Tunesmith, as a script for the Trainer of Transformers 5.`,
    '',
    `${files}/ lies beside it: the rows, and the weights before the first step. Rows come in the same order and batches,`,
    'the arguments are the same. Without dropout and noise the losses agree to the rounding of float32; with them PyTorch',
    'draws other numbers.',
    ...(SCRIPT_TASKS[problemOf(config)].keepsArgMax
      ? [
          'The eval_loss here is the mean over batches; in the studio it is the mean over all tokens asked about.',
        ]
      : []),
    ...(config.max_grad_value > 0
      ? ['The logged grad_norm is that of gradients cut by value; in the studio it is that before.']
      : []),
    ...(config.layerwise_lr_decay < 1 ? ['The logged learning_rate is that of the lowest layer.'] : []),
    ...(config.cache_features
      ? ['The studio ran the frozen layers once, without their dropout (cache_features); here they have it.']
      : []),
    '',
    `    pip install torch "transformers>=5.24,<6" accelerate ${wanted.join(' ')}`.trimEnd(),
    '"""',
  ].join('\n')
}

const READ = `def read(split):
    with open(FILES / "data" / f"{split}.jsonl", encoding="utf-8") as lines:
        return [encode(json.loads(line)) for line in lines]`

function needsLayers({ trainable_layers, layerwise_lr_decay }: RunConfig): boolean {
  return trainable_layers !== null || layerwise_lr_decay < 1
}

const LAYER_OF = `def layer_of(name):
    """0 for the embeddings, then the layers from 1, then the head."""
    found = re.search(r"\\.(?:layer|albert_layer_groups)\\.(\\d+)\\.", name)
    return int(found[1]) + 1 if found else 0 if "embedding" in name else TOP


TOP = 2 + max(int(n) for n in re.findall(r"\\.(?:layer|albert_layer_groups)\\.(\\d+)\\.", " ".join(model.state_dict())))`

function freezing({ freeze, trainable_layers }: RunConfig): string[] {
  const frozen = [
    ...(trainable_layers === null ? [] : [`layer_of(name) < TOP - ${trainable_layers}`]),
    ...(freeze.length === 0
      ? []
      : [`any(fnmatch.fnmatchcase(name, pattern) for pattern in ${literal(freeze)})`]),
  ]
  if (frozen.length === 0) return []
  return [
    'for name, parameter in model.named_parameters():',
    `    parameter.requires_grad = not (${frozen.join(' or ')})`,
  ]
}
