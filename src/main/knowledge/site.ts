/**
 * The knowledge base as a static site: a page a term, one for all questions, an index with search, a sitemap. Works from
 * any folder or server, asks nobody else for anything, and carries its schema.org markup.
 */
import type { Entry } from './entry'
import { blocksHtml, escapeHtml, mathHtml, type HrefOf } from './html'
import {
  article,
  breadcrumbs,
  definedTerm,
  faqPage,
  graph,
  pageName,
  termSet,
  type Publication,
  type Thing,
} from './jsonLd'
import { readSiteFile } from './resources'

const SITE_TITLE = 'Language model optimization: terms and questions'

/** File name → text. `date`: YYYY-MM-DD. The sitemap needs addresses, so there is none without a base address. */
export function siteFiles(entries: readonly Entry[], as: Publication, date: string): Map<string, string> {
  const pages = new Map(entries.map((entry) => [entry.id, pageName(entry)]))
  const hrefOf: HrefOf = (id) => pages.get(id) ?? null
  const titles = new Map(entries.map((entry) => [entry.id, entry.title]))
  const questions = entries.filter(({ kind }) => kind === 'question')
  const files = new Map<string, string>()
  for (const entry of entries.filter(({ kind }) => kind !== 'question')) {
    const things = [article(entry, as, date), breadcrumbs(entry, as)]
    if (entry.kind === 'term') things.push(definedTerm(entry, as))
    files.set(
      pageName(entry),
      page(entry.title, entry.short, things, `<main>${entryHtml(entry, 'h1', hrefOf, titles)}</main>`),
    )
  }
  if (questions.length > 0) {
    const body = questions.map((entry) => entryHtml(entry, 'h2', hrefOf, titles)).join('\n')
    files.set(
      'faq.html',
      page(
        'Questions',
        'Questions about training language models, answered.',
        [faqPage(questions, as)],
        `<main><h1>Questions</h1>${body}</main>`,
      ),
    )
  }
  files.set('index.html', indexPage(entries, as))
  files.set('site.css', readSiteFile('site.css'))
  files.set('search.js', searchScript(entries))
  files.set('robots.txt', robots(as))
  if (as.baseUrl !== null) files.set('sitemap.xml', sitemap([...files.keys()], as.baseUrl, date))
  return files
}

function entryHtml(
  entry: Entry,
  heading: 'h1' | 'h2',
  hrefOf: HrefOf,
  titles: ReadonlyMap<string, string>,
): string {
  const related = entry.related.flatMap((id) => {
    const href = hrefOf(id)
    return href === null ? [] : [`<a href="${escapeHtml(href)}">${escapeHtml(titles.get(id)!)}</a>`]
  })
  const symbols = entry.symbols
    .map(({ symbol, meaning }) => `<dt>${mathHtml(symbol)}</dt><dd>${escapeHtml(meaning)}</dd>`)
    .join('')
  return [
    `<article id="${entry.id}">`,
    `<${heading}>${escapeHtml(entry.title)}</${heading}>`,
    entry.aliases.length > 0 ? `<p class="also">also: ${escapeHtml(entry.aliases.join(', '))}</p>` : '',
    `<p class="short">${escapeHtml(entry.short)}</p>`,
    entry.formula === null ? '' : `<div class="formula">${mathHtml(entry.formula)}<dl>${symbols}</dl></div>`,
    blocksHtml(entry.body, hrefOf),
    related.length > 0 ? `<p class="related">Related: ${related.join(', ')}</p>` : '',
    entry.sources.length > 0
      ? `<h2>Sources</h2><ul>${entry.sources.map((source) => `<li>${escapeHtml(source)}</li>`).join('')}</ul>`
      : '',
    '</article>',
  ]
    .filter(Boolean)
    .join('\n')
}

function indexPage(entries: readonly Entry[], as: Publication): string {
  const categories = [...new Set(entries.map(({ category }) => category))]
  const lists = categories.map((category) => {
    const items = entries
      .filter((entry) => entry.category === category)
      .map(
        (entry) =>
          `<li><a href="${escapeHtml(pageName(entry))}">${escapeHtml(entry.title)}</a> ${escapeHtml(entry.short)}</li>`,
      )
    return `<section><h2>${escapeHtml(category)}</h2><ul>${items.join('\n')}</ul></section>`
  })
  const search =
    '<label class="search">Search <input type="search" id="query" autocomplete="off"></label><ul id="found" aria-live="polite"></ul>'
  const terms = entries.filter(({ kind }) => kind === 'term')
  return page(
    SITE_TITLE,
    'What the words of training language models mean, with formulas, advice and sources.',
    terms.length > 0 ? [termSet(terms, as)] : [],
    `<main><h1>${SITE_TITLE}</h1>${search}${lists.join('\n')}</main><script src="search.js"></script>`,
  )
}

function page(title: string, description: string, things: readonly Thing[], body: string): string {
  // "<" is escaped so that no text can end the script element.
  const markup = JSON.stringify(graph(things), null, 1).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(description)}">
<link rel="stylesheet" href="site.css">
<link rel="icon" href="data:,">
<script type="application/ld+json">${markup}</script>
</head>
<body>
<nav><a href="index.html">Contents</a></nav>
${body}
</body>
</html>
`
}

function searchScript(entries: readonly Entry[]): string {
  const list = entries.map((entry) => ({
    title: entry.title,
    href: pageName(entry),
    short: entry.short,
    names: [entry.title, ...entry.aliases, ...entry.explains].join(' ').toLowerCase(),
  }))
  return `const ENTRIES = ${JSON.stringify(list)}\n${readSiteFile('search.js')}`
}

function robots({ baseUrl }: Publication): string {
  const lines = ['User-agent: *', 'Allow: /']
  if (baseUrl !== null) lines.push(`Sitemap: ${absolute('sitemap.xml', baseUrl)}`)
  return `${lines.join('\n')}\n`
}

function sitemap(names: readonly string[], baseUrl: string, date: string): string {
  const urls = names
    .filter((name) => name.endsWith('.html'))
    .map((name) => `<url><loc>${escapeHtml(absolute(name, baseUrl))}</loc><lastmod>${date}</lastmod></url>`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join('\n')}
</urlset>
`
}

function absolute(name: string, baseUrl: string): string {
  return new URL(name, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`).href
}
