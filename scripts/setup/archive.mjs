// Reads the two archive formats that a registry-borne runtime comes in: a .tgz around a .zip. Both are held in
// memory (about 400 MB for the runtime), so that a full disk shows while writing the files themselves.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { gunzipSync, inflateRawSync } from 'node:zlib'

/**
 * One file out of a gzipped tar archive (POSIX ustar: 512-byte headers, sizes in octal).
 * @param {Buffer} tgz
 * @param {string} name
 */
export function readFromTgz(tgz, name) {
  const tar = gunzipSync(tgz)
  for (let at = 0; at + 512 <= tar.length;) {
    const text = (/** @type {number} */ from, /** @type {number} */ length) =>
      tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '')
    const size = parseInt(text(124, 12).trim() || '0', 8)
    if (text(0, 100) === name) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  throw new Error(`${name} is not in the package`)
}

/**
 * @param {Buffer} zip
 * @returns {Generator<{ name: string, mode: number, read: () => Buffer }>} the entries of its central directory
 */
export function* zipEntries(zip) {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0) throw new Error('the archive is cut short')
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    const method = zip.readUInt16LE(at + 10)
    const packedSize = zip.readUInt32LE(at + 20)
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const mode = zip.readUInt32LE(at + 38) >>> 16
    const local = zip.readUInt32LE(at + 42)
    yield {
      name,
      mode: mode & 0o777,
      read() {
        const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
        const packed = zip.subarray(start, start + packedSize)
        return method === 0 ? packed : inflateRawSync(packed)
      },
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
}

/**
 * @param {Buffer} zip
 * @param {string} folder
 * @param {(name: string) => string | undefined} rename the path below folder, or undefined to leave the entry out
 */
export function unzip(zip, folder, rename) {
  for (const { name, mode, read } of zipEntries(zip)) {
    const path = name.endsWith('/') ? undefined : rename(name)
    if (path === undefined) continue
    const file = join(folder, path)
    if (!normalize(file).startsWith(normalize(folder + sep))) throw new Error(`the archive names ${name}`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, read())
    if (mode) chmodSync(file, mode)
  }
}
