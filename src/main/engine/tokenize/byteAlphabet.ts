/** GPT-2's reversible map from bytes to printable characters (openai/gpt-2, encoder.py, `bytes_to_unicode`). */

export const CHAR_OF_BYTE: readonly string[] = buildAlphabet()
export const BYTE_OF_CHAR: ReadonlyMap<string, number> = new Map(
  CHAR_OF_BYTE.map((char, byte) => [char, byte]),
)

function buildAlphabet(): string[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    return String.fromCharCode(isPrintable ? byte : next++)
  })
}

const encoder = new TextEncoder()
const PLAIN = /^[\x21-\x7e]*$/

/** The UTF-8 bytes of `text`, one character of the alphabet each. */
export function toByteCharacters(text: string): string {
  if (PLAIN.test(text)) return text
  if (text.charCodeAt(0) === 32) {
    const rest = text.slice(1)
    if (PLAIN.test(rest)) return CHAR_OF_BYTE[32]! + rest
  }
  let out = ''
  for (const byte of encoder.encode(text)) out += CHAR_OF_BYTE[byte]!
  return out
}

/** The inverse; a text with characters outside the alphabet stands for its own UTF-8 bytes. */
export function fromByteCharacters(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const byte = BYTE_OF_CHAR.get(text[i]!)
    if (byte === undefined) return encoder.encode(text)
    bytes[i] = byte
  }
  return bytes
}
