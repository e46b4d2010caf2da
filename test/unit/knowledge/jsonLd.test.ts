/**
 * The markup against schema.org's own vocabulary: every type, property, domain and range; and what search engines
 * require of an FAQ page, a breadcrumb list and an article.
 */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseEntry, type Entry } from '../../../src/main/knowledge/entry'
import { jsonLdOf, type Publication } from '../../../src/main/knowledge/jsonLd'
import { readBuiltIn } from '../../../src/main/knowledge/resources'
import { siteFiles } from '../../../src/main/knowledge/site'

interface Vocabulary {
  classes: Record<string, string[]>
  properties: Record<string, { domains: string[]; ranges: string[] }>
}
type Node = { '@type': string } & Record<string, unknown>

const vocabulary = JSON.parse(
  readFileSync(new URL('../../fixtures/schemaorg/vocabulary.json', import.meta.url), 'utf8'),
) as Vocabulary
const AS: Publication = { baseUrl: 'https://example.org/guide', author: 'A. Writer' }
const DATE = '2026-11-25'
/** Data types that a string may stand for; a link is a string too. */
const TEXTS = ['Text', 'URL', 'Date', 'DateTime', 'CssSelectorType', 'PronounceableText', 'XPathType']

let entries: Entry[]
beforeAll(() => {
  entries = readBuiltIn().map((file) => parseEntry(file, false))
})

function isA(name: string, ancestor: string): boolean {
  return name === ancestor || (vocabulary.classes[name] ?? []).some((parent) => isA(parent, ancestor))
}

function problems(value: unknown, path: string): string[] {
  const node = value as Node
  const type = node['@type']
  if (!(type in vocabulary.classes)) return [`${path}: no class ${type}`]
  return Object.entries(node)
    .filter(([name]) => !name.startsWith('@'))
    .flatMap(([name, given]) => {
      const property = vocabulary.properties[name]
      if (!property) return [`${path}.${name}: no such property`]
      if (!property.domains.some((domain) => isA(type, domain))) return [`${path}.${name}: not of a ${type}`]
      return [given].flat().flatMap((one) => rangeProblems(one, property.ranges, `${path}.${name}`))
    })
}

function rangeProblems(value: unknown, ranges: readonly string[], path: string): string[] {
  if (typeof value === 'object' && value !== null) {
    const type = (value as Node)['@type']
    const fits = ranges.some((range) => isA(type, range))
    return [...(fits ? [] : [`${path}: a ${type} is not ${ranges.join(' or ')}`]), ...problems(value, path)]
  }
  if (typeof value === 'number')
    return ranges.some((range) => ['Integer', 'Number'].includes(range)) ? [] : [`${path}: a number`]
  // A class may be named by its address.
  const fits = ranges.some(
    (range) => TEXTS.includes(range) || /^(https:|[a-z0-9-]+\.html)/.test(String(value)),
  )
  return fits ? [] : [`${path}: a text is not ${ranges.join(' or ')}`]
}

const graphOf = (value: object) => (value as { '@graph': Node[] })['@graph']
const ofType = (nodes: Node[], type: string) => nodes.filter((node) => node['@type'] === type)

describe('the check itself', () => {
  it('refuses unknown classes, properties, domains and ranges', () => {
    expect(problems({ '@type': 'Artikel' }, 'x')).toHaveLength(1)
    expect(problems({ '@type': 'Article', nonsense: 1 }, 'x')).toHaveLength(1)
    expect(problems({ '@type': 'Article', acceptedAnswer: 'x' }, 'x')).toHaveLength(1)
    expect(problems({ '@type': 'Question', acceptedAnswer: { '@type': 'Person' } }, 'x')).toHaveLength(1)
    expect(problems({ '@type': 'ListItem', position: 1, name: 'a' }, 'x')).toEqual([])
  })
})

describe.each([
  ['with an address', AS],
  ['without one', { baseUrl: null, author: null }],
])('all entries %s', (_name, as) => {
  it('are valid in every type and property', () => {
    const nodes = graphOf(jsonLdOf(entries, as, DATE))
    expect(nodes.flatMap((node) => problems(node, node['@type']))).toEqual([])
    const types = new Set(nodes.map((node) => node['@type']))
    expect([...types].sort()).toEqual(['Article', 'BreadcrumbList', 'DefinedTermSet', 'FAQPage'])
  })
})

describe('what rich results require', () => {
  const nodes = () => graphOf(jsonLdOf(entries, AS, DATE))

  it('FAQPage: mainEntity of Questions with name and acceptedAnswer.text', () => {
    const [page] = ofType(nodes(), 'FAQPage')
    const questions = page!.mainEntity as (Node & { name: string; acceptedAnswer: { text: string } })[]
    expect(questions).toHaveLength(entries.filter(({ kind }) => kind === 'question').length)
    for (const { name, acceptedAnswer } of questions) {
      expect(name.length).toBeGreaterThan(5)
      expect(acceptedAnswer.text.length).toBeGreaterThan(60)
      expect(acceptedAnswer.text).not.toMatch(/<[a-z]/)
    }
  })

  it('BreadcrumbList: at least two items, positions from 1, each with name and absolute item', () => {
    const lists = ofType(nodes(), 'BreadcrumbList')
    expect(lists).toHaveLength(entries.length)
    for (const { itemListElement } of lists) {
      const items = itemListElement as { position: number; name: string; item: string }[]
      expect(items.length).toBeGreaterThanOrEqual(2)
      expect(items.map(({ position }) => position)).toEqual(items.map((_, i) => i + 1))
      for (const { name, item } of items)
        expect([name !== '', new URL(item).origin]).toEqual([true, 'https://example.org'])
    }
  })

  it('Article: headline within 110 letters, author with name, dates', () => {
    for (const article of ofType(nodes(), 'Article')) {
      expect(String(article.headline).length).toBeLessThanOrEqual(110)
      expect(article.author).toEqual({ '@type': 'Person', name: 'A. Writer' })
      expect(String(article.datePublished)).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      expect(String(article.articleBody).length).toBeGreaterThan(100)
    }
  })

  it('DefinedTermSet holds each term once, by name and description', () => {
    const [set] = ofType(nodes(), 'DefinedTermSet')
    const terms = set!.hasDefinedTerm as { '@id': string; name: string; description: string }[]
    expect(new Set(terms.map((term) => term['@id'])).size).toBe(
      entries.filter(({ kind }) => kind === 'term').length,
    )
    expect(terms.filter(({ name, description }) => name === '' || description === '')).toEqual([])
  })
})

describe('the site', () => {
  it('carries valid markup in every page, once, and nothing that could end its script early', () => {
    const hostile = parseEntry(
      {
        file: 'x.md',
        text: '---\nid: x\nkind: term\ntitle: "</script><b>"\ncategory: Basics\nshort: "A </script> in a short answer."\n---\n\n`</script>`\n',
      },
      true,
    )
    const files = siteFiles([...entries, hostile], AS, DATE)
    for (const [name, html] of files) {
      if (!name.endsWith('.html')) continue
      const scripts = [...html.matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)]
      expect(scripts, name).toHaveLength(1)
      const nodes = graphOf(JSON.parse(scripts[0]![1]!) as object)
      expect(nodes.flatMap((node) => problems(node, name))).toEqual([])
      expect(html.match(/<h1>/g), name).toHaveLength(1)
      expect(html).not.toContain('<b>')
    }
  })

  it('leaves out links to entries that are not on it, and the sitemap without an address', () => {
    const some = entries.filter(({ id }) => id === 'bleu')
    const files = siteFiles(some, { baseUrl: null, author: null }, DATE)
    expect(files.get('bleu.html')).not.toContain('rouge.html')
    expect(files.has('sitemap.xml')).toBe(false)
    expect(files.has('faq.html')).toBe(false)
  })
})
