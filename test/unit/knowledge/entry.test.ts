/** Reading an entry: what is refused, with file and field, and what the body becomes. */
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/shared/errors'
import { bodySource, draftSource, parseEntry } from '../../../src/main/knowledge/entry'
import { blocksHtml, mathHtml } from '../../../src/main/knowledge/html'
import { parseMarkdown } from '../../../src/main/knowledge/markdown'

const HEAD = 'id: my-term\nkind: term\ntitle: My term\ncategory: Basics\nshort: A short answer of some words.'

function entry(body: string, head = HEAD) {
  return parseEntry({ file: 'my-term.md', text: `---\n${head}\n---\n\n${body}\n` }, true)
}

function refusal(work: () => unknown): UserError {
  try {
    work()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('front matter', () => {
  it('is checked by its schema, the field named', () => {
    const error = refusal(() => entry('Text', HEAD.replace('category: Basics', 'category: Nonsense')))
    expect(error.where).toEqual({ file: 'my-term.md', field: 'category' })
  })
  it('refuses more than two lines as the short answer', () => {
    expect(
      refusal(() => entry('Text', HEAD.replace(/short: .*/, `short: ${'word '.repeat(60)}`))).where?.field,
    ).toBe('short')
  })
  it('refuses what it does not know, broken YAML and none at all', () => {
    expect(refusal(() => entry('Text', `${HEAD}\nauthor: me`)).code).toBe('bad-input')
    expect(refusal(() => entry('Text', `${HEAD}\naliases: [a`)).where?.row).toBeGreaterThan(1)
    expect(refusal(() => parseEntry({ file: 'x.md', text: 'Just text' }, true)).message).toContain(
      'front matter',
    )
  })
  it('refuses a source without a year and a formula that is no TeX', () => {
    expect(refusal(() => entry('Text', `${HEAD}\nsources: [Somebody, A title]`)).where?.field).toMatch(
      /sources/,
    )
    expect(refusal(() => entry('Text', `${HEAD}\nformula: '\\frac{a'`)).message).toContain('formula')
  })
})

describe('the body', () => {
  it('refuses HTML and pictures', () => {
    expect(refusal(() => entry('<script>alert(1)</script>')).message).toContain('HTML')
    expect(refusal(() => entry('a <b>bold</b> word')).message).toContain('HTML')
    expect(refusal(() => entry('![x](y.png)')).code).toBe('bad-input')
    expect(refusal(() => entry('[x](javascript:alert(1))')).message).toContain('nowhere')
  })
  it('keeps signs as they are and writes web addresses out', () => {
    expect(parseMarkdown('a < b & "c" \\* [site](https://example.org)')).toEqual([
      {
        kind: 'paragraph',
        children: expect.arrayContaining([{ kind: 'text', text: 'site (https://example.org)' }]) as unknown,
      },
    ])
    expect(blocksHtml(parseMarkdown('a < b & `<i>`'), () => null)).toBe(
      '<p>a &lt; b &amp; <code>&lt;i&gt;</code></p>',
    )
  })
  it('reads links, lists, tables and formulas', () => {
    const html = blocksHtml(
      parseMarkdown('See [x](bleu).\n\n- one $x^2$\n- two\n\n| a | b |\n|---|---|\n| 1 | **2** |'),
      (id) => `${id}.html`,
    )
    expect(html).toContain('<a href="bleu.html">x</a>')
    expect(html).toContain('<msup><mi>x</mi><mn>2</mn></msup>')
    expect(html).toContain('<td><strong>2</strong></td>')
  })
  it('never lets TeX make links or styles', () => {
    expect(() => parseMarkdown('$\\href{javascript:alert(1)}{x}$')).toThrow(UserError)
    const [block] = parseMarkdown('$\\color{red} x$')
    const inline = block?.kind === 'paragraph' ? block.children[0] : undefined
    expect(inline?.kind === 'math' && mathHtml(inline.math)).not.toContain('style')
  })
})

describe('a draft', () => {
  it('becomes a file and comes back', () => {
    const draft = {
      id: 'my-term',
      kind: 'term' as const,
      title: 'My: "term"',
      category: 'Basics' as const,
      aliases: ['a # b'],
      short: 'A short answer of some words.',
      related: ['bleu'],
      body: 'Text with --- dashes.\n\n## More\n\nand `code`',
    }
    const read = parseEntry({ file: 'my-term.md', text: draftSource(draft) }, true)
    expect(read).toMatchObject({ title: draft.title, aliases: draft.aliases, related: ['bleu'] })
    expect(bodySource(read.source)).toBe(draft.body)
  })
})
