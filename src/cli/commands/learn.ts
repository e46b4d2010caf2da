/** `learn`: search and read the knowledge base, and export it as markup or a site. */
import { resolve } from 'node:path'
import { UserError } from '../../shared/errors'
import type { Arguments } from '../arguments'
import type { Article, Block, Inline } from '../../shared/domain/knowledge'
import { EXIT, type Command } from '../command'
import { table } from '../format'

export const learnSearch: Command = {
  path: ['learn', 'search'],
  positionals: ['TERM'],
  summary: 'Search terms and questions; slips of the pen are forgiven.',
  options: [{ name: 'limit', value: 'N', help: 'At most this many; 10 where left out.' }],
  run({ args, out, services }) {
    const limit = args.number('limit', { least: 1, most: 200, isWhole: true }) ?? 10
    const hits = services().knowledge.search(args.positionals[0]!, limit)
    for (const hit of hits) out.json(hit)
    if (hits.length === 0) out.say('Nothing is found.')
    else
      out.text(
        table(
          ['id', 'title', 'in short'],
          hits.map(({ id, title, short }) => [id, title, short]),
        ),
      )
    return EXIT.done
  },
}

export const learnShow: Command = {
  path: ['learn', 'show'],
  positionals: ['TERM'],
  summary: 'Show a term by its id, another name for it, or the setting it explains.',
  options: [],
  run({ args, out, services }) {
    const article = services().knowledge.show(args.positionals[0]!)
    out.json(article)
    out.text(articleText(article))
    return EXIT.done
  },
}

export const learnExport: Command = {
  path: ['learn', 'export'],
  positionals: [],
  summary: 'Write the knowledge base as a static site or as schema.org JSON-LD.',
  options: [
    { name: 'site', value: 'DIR', help: 'A folder for the site: a page a term, search, markup.' },
    { name: 'jsonld', value: 'F', help: 'A file for the JSON-LD.' },
    { name: 'own', value: 'DIR', help: 'A folder for your own entries, as Markdown.' },
    { name: 'id', value: 'ID', isRepeated: true, help: 'Only these entries; all where left out.' },
    { name: 'base-url', value: 'URL', help: 'Where it will stand; needed for a sitemap.' },
    { name: 'author', value: 'NAME', help: 'Who signs it.' },
  ],
  run({ args, out, services, cwd }) {
    const { knowledge } = services()
    const ids = args.has('id') ? args.all('id') : null
    const as = { baseUrl: baseUrl(args), author: args.text('author') ?? null }
    const [site, jsonld, own] = [args.text('site'), args.text('jsonld'), args.text('own')]
    if (site === undefined && jsonld === undefined && own === undefined)
      throw new UserError('bad-input', 'Say what to export: --site DIR, --jsonld F or --own DIR.')
    if (site !== undefined) {
      const written = knowledge.exportSite(resolve(cwd, site), ids, as)
      out.result(
        { site: written.folder, files: written.files },
        `${written.files} files in ${written.folder}`,
      )
      if (as.baseUrl === null) out.say('No sitemap was written: it needs --base-url.')
    }
    if (jsonld !== undefined) {
      const { file } = knowledge.saveJsonLd(resolve(cwd, jsonld), ids, as)
      out.result({ jsonld: file }, file)
    }
    if (own !== undefined) {
      const written = knowledge.exportFolder(resolve(cwd, own))
      out.result({ own: written.folder, files: written.files }, `${written.files} files in ${written.folder}`)
    }
    return EXIT.done
  },
}

export const learnImport: Command = {
  path: ['learn', 'import'],
  positionals: ['DIR'],
  summary: 'Add the Markdown files of a folder as entries of your own.',
  options: [],
  run({ args, out, services, cwd }) {
    const result = services().knowledge.importFolder(resolve(cwd, args.positionals[0]!))
    out.result(result, `${result.added.length} entries: ${result.added.join(', ')}`)
    for (const warning of result.warnings) out.say(warning)
    return EXIT.done
  },
}

function baseUrl(args: Arguments): string | null {
  const text = args.text('base-url')
  if (text === undefined) return null
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text
  throw new UserError(
    'bad-input',
    `--base-url takes an address such as https://example.org/guide/, not ${text}.`,
  )
}

function articleText(article: Article): string {
  const { title, aliases, short, body, sources, related, open } = article
  return [
    aliases.length > 0 ? `${title} (${aliases.join(', ')})` : title,
    short,
    ...body.map(blockLines),
    related.length > 0 ? `Related: ${related.map(({ id }) => id).join(', ')}` : '',
    open ? `In the window: ${open.label}` : '',
    ...sources,
  ]
    .filter(Boolean)
    .join('\n\n')
}

function blockLines(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return inlineText(block.children)
    case 'heading':
      return block.text.toUpperCase()
    case 'code':
      return block.text
    case 'list':
      return block.items
        .map((item, i) => `${block.isOrdered ? `${i + 1}.` : '-'} ${inlineText(item)}`)
        .join('\n')
    case 'table':
      return table(
        block.head.map(inlineText),
        block.rows.map((row) => row.map(inlineText)),
      )
  }
}

function inlineText(parts: readonly Inline[]): string {
  return parts
    .map((part) =>
      'text' in part ? part.text : 'children' in part ? inlineText(part.children) : mathText(part),
    )
    .join('')
}

function mathText({ math }: Extract<Inline, { kind: 'math' }>): string {
  const read = (node: (typeof math)['children'][number]): string =>
    typeof node === 'string' ? node : node.children.map(read).join('')
  return read(math)
}
