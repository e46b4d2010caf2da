/** `learn`: search, show, import, export; the window's own entries are the command line's. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

let home: string
beforeEach(() => {
  home = temporaryFolder()
})
const call = (...argv: string[]) => tunesmith(argv, { home })

function notes(files: Record<string, string>): string {
  const folder = join(home, 'notes')
  mkdirSync(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
const mine = (id: string, more = '') =>
  `---\nid: ${id}\nkind: term\ntitle: Zebra crossing\ncategory: Basics\nshort: A term of our own about stripes.\n${more}---\n\nSee [BLEU](bleu) and [nothing](nowhere-at-all).\n`

describe('learn', () => {
  it('searches in spite of a slip and shows by the name of a setting', async () => {
    const found = await call('learn', 'search', 'gradeint cliping', '--json', '--limit', '3')
    expect(found.lines[0]).toMatchObject({ id: 'gradient-clipping', kind: 'term' })
    const shown = await call('learn', 'show', 'max_grad_norm')
    expect(shown.stdout).toMatch(/^Gradient clipping/)
    expect(shown.stdout).toContain('THE USUAL MISTAKE')
    const unknown = await call('learn', 'show', 'perplexty')
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean perplexity?')])
  })

  it('imports entries, searches them, exports them as they were', async () => {
    const text = mine('zebra')
    const imported = await call('learn', 'import', notes({ 'zebra.md': text }), '--json')
    expect(imported.lines[0]).toMatchObject({ added: ['zebra'] })
    expect(imported.stderr).toContain('nowhere-at-all')
    expect((await call('learn', 'search', 'stripes', '--json')).lines[0]).toMatchObject({ id: 'zebra' })
    const folder = join(home, 'out')
    expect((await call('learn', 'export', '--own', folder)).code).toBe(0)
    expect(readFileSync(join(folder, 'zebra.md'), 'utf8')).toBe(text)
  })

  it('imports all files or none, and never over a built-in entry', async () => {
    const broken = await call('learn', 'import', notes({ 'a.md': mine('zebra'), 'b.md': 'no front matter' }))
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining('b.md')])
    expect((await call('learn', 'show', 'zebra')).code).toBe(2)
    writeFileSync(join(home, 'notes', 'b.md'), mine('bleu'))
    expect((await call('learn', 'import', join(home, 'notes'))).stderr).toContain('bleu')
  })

  it('writes a site that asks nobody for anything, with a sitemap', async () => {
    const site = join(home, 'site')
    const done = await call('learn', 'export', '--site', site, '--base-url', 'https://example.org/guide/')
    expect(done.code).toBe(0)
    const pages = readdirSync(site).filter((name) => name.endsWith('.html'))
    expect(pages.length).toBeGreaterThan(100)
    const missing: string[] = []
    for (const name of pages) {
      const html = readFileSync(join(site, name), 'utf8')
      expect(html, name).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
      for (const [, target] of html.matchAll(/(?:href|src)="([^"#:]+)(?:#[^"]*)?"/g))
        if (!existsSync(join(site, target!))) missing.push(`${name}: ${target!}`)
    }
    expect(missing).toEqual([])
    const sitemap = readFileSync(join(site, 'sitemap.xml'), 'utf8')
    expect(sitemap.match(/<loc>/g)).toHaveLength(pages.length)
    expect(sitemap).toContain('<loc>https://example.org/guide/bleu.html</loc>')
  })

  it('writes the markup of a selection and refuses what it cannot do', async () => {
    const file = join(home, 'two.jsonld')
    expect((await call('learn', 'export', '--jsonld', file, '--id', 'bleu', '--id', 'rouge')).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('"DefinedTermSet"')
    expect((await call('learn', 'export')).code).toBe(2)
    expect((await call('learn', 'export', '--jsonld', file, '--base-url', 'ftp://x')).code).toBe(2)
    expect((await call('learn', 'export', '--jsonld', join(home, 'no', 'such', 'f'))).stderr).toContain(
      'cannot be written',
    )
    expect((await call('learn', 'export', '--own', home)).stderr).toContain('no entries of your own')
  })
})
