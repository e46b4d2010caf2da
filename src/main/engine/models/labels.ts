/** Which class has which id: a model's own mapping where it has one, sorted labels where not. */

export interface LabelMapping {
  /** Label of each class id. */
  labels: string[]
  /** Whether the model's own classes were taken as they are, so that its classifier still means the same. */
  fromModel: boolean
}

/**
 * Labels that the config maps keep their ids, those it does not know follow, sorted by code point.
 * Transformers' placeholders (LABEL_0 …) count as no mapping, unless the data uses them.
 */
export function mapLabels(
  config: Readonly<Record<string, unknown>>,
  dataLabels: Iterable<string>,
): LabelMapping {
  const wanted = [...new Set(dataLabels)].sort(byCodePoint)
  const known = configLabels(config)
  const isPlaceholder = known?.every((label, id) => label === `LABEL_${id}`) ?? false
  if (!known || (isPlaceholder && wanted.some((label) => !known.includes(label))))
    return { labels: wanted, fromModel: false }
  const added = wanted.filter((label) => !known.includes(label))
  return { labels: [...known, ...added], fromModel: added.length === 0 }
}

/** Labels by id, from id2label or label2id; `undefined` where the config maps none, or not 0..n−1. */
export function configLabels(config: Readonly<Record<string, unknown>>): string[] | undefined {
  const { id2label, label2id } = config
  const pairs: [number, string][] = isMap(id2label)
    ? Object.entries(id2label).map(([id, label]) => [Number(id), String(label)])
    : isMap(label2id)
      ? Object.entries(label2id).map(([label, id]) => [Number(id), label])
      : []
  const labels: string[] = []
  for (const [id, label] of pairs) labels[id] = label
  const isComplete =
    pairs.length > 0 && labels.length === pairs.length && Object.keys(labels).length === pairs.length
  return isComplete ? labels : undefined
}

/** The fields of config.json that hold a mapping. */
export function labelFields(labels: readonly string[]): { id2label: object; label2id: object } {
  return {
    id2label: Object.fromEntries(labels.map((label, id) => [String(id), label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function byCodePoint(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return x.length - y.length
}
