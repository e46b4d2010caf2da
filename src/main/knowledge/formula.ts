/** TeX → MathML, as data. Typeset once in main, offline; what is not on the lists below never reaches a page. */
import temml from 'temml'
import { UserError } from '../../shared/errors'
import type { MathNode } from '../../shared/domain/knowledge'

/** Elements and attributes of MathML Core that formulas are made of. */
const ELEMENTS = new Set(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mstyle mpadded mphantom'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'display mathvariant stretchy fence form separator lspace rspace symmetric largeop movablelimits accent width height depth linethickness scriptlevel displaystyle columnalign rowspacing columnspacing'.split(
    ' ',
  ),
)

/** The part of Temml's tree that is read. */
interface TemmlNode {
  type?: string
  text?: string
  attributes?: Record<string, string | number | boolean>
  children?: TemmlNode[]
}

/** @throws UserError `bad-input` with what is wrong in the TeX */
export function typeset(tex: string, isDisplay: boolean): MathNode {
  let tree: TemmlNode
  try {
    tree = temml.__renderToMathMLTree(tex, {
      displayMode: isDisplay,
      throwOnError: true,
      strict: true,
    }) as TemmlNode
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError('bad-input', `The formula cannot be read: ${reason}`, {
      hint: 'Formulas are TeX, as in \\frac{a}{b}.',
      cause: error,
    })
  }
  return { ...(toData(tree)[0] as MathNode), attributes: isDisplay ? { display: 'block' } : {} }
}

/** Fragments and elements off the list are replaced by what they hold. */
function toData(node: TemmlNode): (MathNode | string)[] {
  if (node.text !== undefined) return [node.text]
  const children = (node.children ?? []).flatMap(toData)
  const tag = node.type ?? ''
  if (!ELEMENTS.has(tag)) return children
  const attributes = Object.fromEntries(
    Object.entries(node.attributes ?? {})
      .filter(([name]) => ATTRIBUTES.has(name))
      .map(([name, value]) => [name, String(value)]),
  )
  return [{ tag, attributes, children }]
}
