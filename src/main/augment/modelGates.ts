/** Gates that ask models: label kept, similarity, perplexity. What a gate says of a copy depends on it and its source alone. */
import type { AugmentGates, RejectReason } from '../../shared/domain/augmentation'
import { UserError } from '../../shared/errors'
import type { Corpus, TrainingRow } from './corpus'
import type { Classifier, Embedder, LabelledText, MaskedModel, Models } from './models'
import { textOf, type Sentence } from './text/token'

export interface Judged {
  source: TrainingRow
  before: readonly Sentence[]
  after: readonly Sentence[]
}

interface Gate {
  reason: RejectReason
  passes: (copies: readonly Judged[]) => Promise<readonly boolean[]>
}

export class ModelGates {
  private constructor(private readonly gates: readonly Gate[]) {}

  /** @throws UserError where a model does not suit the rows */
  static async open(settings: AugmentGates, corpus: Corpus, models: Models): Promise<ModelGates> {
    const { same_label, min_similarity, similarity_model, max_perplexity_ratio, language_model } = settings
    const gates: Gate[] = []
    if (min_similarity !== null)
      gates.push(similarityGate(await models.embedder(similarity_model), min_similarity))
    if (same_label !== null) {
      const classifier = await models.classifier(same_label)
      requireKnownLabels(classifier, corpus)
      gates.push(labelGate(classifier))
    }
    if (max_perplexity_ratio !== null)
      gates.push(perplexityGate(await models.maskedLm(language_model, () => false), max_perplexity_ratio))
    return new ModelGates(gates)
  }

  /** Whether one of them looks at what a copy means. */
  get watchesMeaning(): boolean {
    return this.gates.some(({ reason }) => reason === 'label' || reason === 'similarity')
  }

  /** The first gate that rejects each copy; later ones are not asked about it. */
  async judge(copies: readonly Judged[]): Promise<(RejectReason | null)[]> {
    const reasons = copies.map((): RejectReason | null => null)
    for (const { reason, passes } of this.gates) {
      const left = copies.flatMap((copy, i) => (reasons[i] === null ? [{ copy, i }] : []))
      if (left.length === 0) break
      const passed = await passes(left.map(({ copy }) => copy))
      left.forEach(({ i }, k) => {
        if (!passed[k]!) reasons[i] = reason
      })
    }
    return reasons
  }
}

function labelGate(classifier: Classifier): Gate {
  return {
    reason: 'label',
    passes: (copies) =>
      classifier.agrees(
        copies.map(({ source, after }): LabelledText => {
          const [sentence] = after
          if (source.tagged)
            return { tokens: sentence!.map(({ text }) => text), tags: sentence!.map(({ tag }) => tag!) }
          return { texts: after.map(textOf), label: source.label ?? '' }
        }),
      ),
  }
}

/** Of a pair both texts must pass. */
function similarityGate(embedder: Embedder, least: number): Gate {
  return {
    reason: 'similarity',
    passes: (copies) =>
      comparedBy(
        copies,
        (texts) => embedder.embed(texts),
        (was, is) => cosine(was, is) >= least,
      ),
  }
}

function perplexityGate(model: MaskedModel, ratio: number): Gate {
  return {
    reason: 'perplexity',
    passes: (copies) =>
      comparedBy(
        copies,
        (texts) => model.score(texts),
        (was, is) => was - is <= Math.log(ratio),
      ),
  }
}

/** Measures every text once, a source with many copies too; all texts of a copy must pass. */
async function comparedBy<T>(
  copies: readonly Judged[],
  measure: (texts: readonly string[]) => Promise<readonly T[]>,
  passes: (was: T, is: T) => boolean,
): Promise<boolean[]> {
  const pairs = copies.map(({ before, after }) =>
    after.map((sentence, i) => ({ was: textOf(before[i]!), is: textOf(sentence) })),
  )
  const texts = [...new Set(pairs.flat().flatMap(({ was, is }) => (was === is ? [] : [was, is])))]
  const measured = texts.length === 0 ? [] : await measure(texts)
  const of = new Map(texts.map((text, i) => [text, measured[i]!]))
  return pairs.map((sentences) =>
    sentences.every(({ was, is }) => was === is || passes(of.get(was)!, of.get(is)!)),
  )
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!
    ofA += a[i]! ** 2
    ofB += b[i]! ** 2
  }
  return product / Math.sqrt(ofA * ofB)
}

/** Every label, or tag, of the rows is one the classifier can give. */
function requireKnownLabels({ labels }: Classifier, corpus: Corpus): void {
  const unknown = corpus.labelsUsed().find((label) => label === null || !labels.includes(label))
  if (unknown === undefined) return
  const where = { field: 'gates.same_label' }
  if (unknown === null)
    throw new UserError('bad-config', 'These rows have no label that a classifier could confirm.', {
      where,
      hint: 'Name the label’s column in columns.label, or leave same_label out.',
    })
  throw new UserError('bad-config', `The classifier does not know the label ${unknown}.`, {
    where,
    hint: `It gives ${labels.slice(0, 20).join(', ')}: choose one that was trained on these labels.`,
  })
}
