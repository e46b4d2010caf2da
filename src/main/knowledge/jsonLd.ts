/**
 * Entries as schema.org markup (JSON-LD): terms as DefinedTerm of one DefinedTermSet, questions as a FAQPage, the guide
 * and each term's text as Article, and where a page stands as BreadcrumbList. Answers are text, never markup.
 */
import type { Entry } from './entry'
import { blockText } from './markdown'

/** Where it will stand, and who signs it. */
export interface Publication {
  /** Absolute address of the folder, or null: addresses are then relative. */
  baseUrl: string | null
  author: string | null
}

export type Thing = { '@type': string } & { [property: string]: unknown }

const SET_NAME = 'Terms of language model optimization'
const OWN_NAME = 'Tunesmith'

/** Everything at once, for a page that holds it all. `date`: YYYY-MM-DD. */
export function jsonLdOf(entries: readonly Entry[], as: Publication, date: string): object {
  const terms = entries.filter(({ kind }) => kind === 'term')
  const questions = entries.filter(({ kind }) => kind === 'question')
  return graph([
    ...(terms.length > 0 ? [termSet(terms, as)] : []),
    ...(questions.length > 0 ? [faqPage(questions, as)] : []),
    ...entries.filter(({ kind }) => kind !== 'question').map((entry) => article(entry, as, date)),
    ...entries.map((entry) => breadcrumbs(entry, as)),
  ])
}

export function graph(things: readonly Thing[]): object {
  return { '@context': 'https://schema.org', '@graph': things }
}

export function termSet(terms: readonly Entry[], as: Publication): Thing {
  return {
    '@type': 'DefinedTermSet',
    '@id': address('index.html#terms', as),
    name: SET_NAME,
    url: address('index.html', as),
    hasDefinedTerm: terms.map((entry) => definedTerm(entry, as)),
  }
}

export function definedTerm(entry: Entry, as: Publication): Thing {
  const url = pageOf(entry, as)
  return {
    '@type': 'DefinedTerm',
    '@id': `${url}#term`,
    name: entry.title,
    ...(entry.aliases.length > 0 && { alternateName: entry.aliases }),
    termCode: entry.id,
    description: entry.short,
    url,
    inDefinedTermSet: address('index.html#terms', as),
  }
}

export function faqPage(questions: readonly Entry[], as: Publication): Thing {
  return {
    '@type': 'FAQPage',
    '@id': address('faq.html', as),
    url: address('faq.html', as),
    mainEntity: questions.map((entry) => ({
      '@type': 'Question',
      '@id': pageOf(entry, as),
      name: entry.title,
      acceptedAnswer: { '@type': 'Answer', text: `${entry.short} ${bodyText(entry)}`.trim() },
    })),
  }
}

export function article(entry: Entry, as: Publication, date: string): Thing {
  const url = pageOf(entry, as)
  return {
    '@type': 'Article',
    '@id': `${url}#article`,
    headline: entry.title,
    description: entry.short,
    articleSection: entry.category,
    articleBody: bodyText(entry),
    inLanguage: 'en',
    author:
      as.author === null
        ? { '@type': 'Organization', name: OWN_NAME }
        : { '@type': 'Person', name: as.author },
    datePublished: date,
    dateModified: date,
    url,
    mainEntityOfPage: url,
    ...(entry.sources.length > 0 && { citation: entry.sources }),
  }
}

export function breadcrumbs(entry: Entry, as: Publication): Thing {
  const steps = [
    { name: 'Knowledge base', item: address('index.html', as) },
    ...(entry.kind === 'question' ? [{ name: 'Questions', item: address('faq.html', as) }] : []),
    { name: entry.title, item: pageOf(entry, as) },
  ]
  return {
    '@type': 'BreadcrumbList',
    itemListElement: steps.map((step, i) => ({ '@type': 'ListItem', position: i + 1, ...step })),
  }
}

/** A term has a page of its own, a question its place on the page of questions. */
export function pageName(entry: Entry): string {
  return entry.kind === 'question' ? `faq.html#${entry.id}` : `${entry.id}.html`
}

function pageOf(entry: Entry, as: Publication): string {
  return address(pageName(entry), as)
}

function address(page: string, { baseUrl }: Publication): string {
  return baseUrl === null ? page : new URL(page, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`).href
}

function bodyText(entry: Entry): string {
  return entry.body.map(blockText).join('\n')
}
