/** The live figures by the id that an entry's front matter names. */
import { defineAsyncComponent, h, type Component } from 'vue'
import type { Article, FigureId } from '../../../../../shared/domain/knowledge'

const load = (loader: () => Promise<{ default: Component }>): Component => defineAsyncComponent(loader)

const tokenSteps = load(() => import('./TokenSteps.vue'))

const VIEWS: Record<FigureId, Component> = {
  schedule: load(() => import('./Schedule.vue')),
  dropout: load(() => import('./Dropout.vue')),
  clipping: load(() => import('./Clipping.vue')),
  'weight-decay': load(() => import('./WeightDecay.vue')),
  normalization: load(() => import('./Normalization.vue')),
  bpe: tokenSteps,
  wordpiece: tokenSteps,
  attention: load(() => import('./Attention.vue')),
  temperature: load(() => import('./Temperature.vue')),
  confusion: load(() => import('./Confusion.vue')),
  bleu: load(() => import('./Bleu.vue')),
  rouge: load(() => import('./Rouge.vue')),
  'early-stopping': load(() => import('./EarlyStopping.vue')),
  gap: load(() => import('./Gap.vue')),
  perplexity: load(() => import('./Perplexity.vue')),
}

/** What a figure is told of the entry it stands in: which of several variants to begin with. */
const PROPS: Partial<Record<FigureId, (article: Article) => Record<string, unknown>>> = {
  schedule: ({ explains }) => ({ explained: explains }),
  bpe: () => ({ type: 'BPE' }),
  wordpiece: () => ({ type: 'WordPiece' }),
  attention: ({ id }) => ({ entry: id }),
}

export function figureOf(article: Article): Component | null {
  const { figure } = article
  if (figure === null) return null
  return () => h(VIEWS[figure], PROPS[figure]?.(article) ?? {})
}
