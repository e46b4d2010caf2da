/** Element types of the engine and the typed arrays that hold them on the host. */

export const DTYPES = ['float32', 'float16', 'int64', 'int32', 'bool'] as const
export type DType = (typeof DTYPES)[number]

/** float16 is stored as its bit patterns, bool as one byte an element. */
export interface HostArrays {
  float32: Float32Array
  float16: Uint16Array
  int64: BigInt64Array
  int32: Int32Array
  bool: Uint8Array
}
export type HostArray = HostArrays[DType]

export const BYTES_PER_ELEMENT: Readonly<Record<DType, number>> = {
  float32: 4,
  float16: 2,
  int64: 8,
  int32: 4,
  bool: 1,
}

/** A host array of the given type with the numbers in it. */
export function hostArray<D extends DType>(dtype: D, numbers: readonly number[]): HostArrays[D]
export function hostArray(dtype: DType, numbers: readonly number[]): HostArray {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(numbers)
    case 'float16':
      return Uint16Array.from(numbers, toFloat16Bits)
    case 'int64':
      return BigInt64Array.from(numbers, (n) => BigInt(n))
    case 'int32':
      return Int32Array.from(numbers)
    case 'bool':
      return Uint8Array.from(numbers)
  }
}

const f32 = new Float32Array(1)
const u32 = new Uint32Array(f32.buffer)

/** IEEE 754 binary16 bits of a number, round to nearest even. */
export function toFloat16Bits(x: number): number {
  f32[0] = x
  const bits = u32[0]!
  const sign = (bits >>> 16) & 0x8000
  const exponent = (bits >>> 23) & 0xff
  const mantissa = bits & 0x7fffff
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa ? 0x200 : 0)
  const e = exponent - 112
  if (e >= 31) return sign | 0x7c00
  if (e < -10) return sign
  const shift = e <= 0 ? 14 - e : 13
  const full = e <= 0 ? mantissa | 0x800000 : (e << 23) | mantissa
  const kept = full >>> shift
  const rest = full & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  const up = rest > half || (rest === half && (kept & 1) === 1)
  return sign | (kept + (up ? 1 : 0))
}
