// Reads the reference values of test/golden/bert.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { withSafetensors } from '../../../../src/main/engine/checkpoint/safetensors'

export const BERT = new URL('../../../golden/bert/', import.meta.url).pathname
export const MODELS = readdirSync(join(BERT, 'models')).sort()

export function readJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(BERT, ...path), 'utf8'))
}

export function readTensors(...path: string[]): Promise<Map<string, Float32Array>> {
  return readTensorFile(join(BERT, ...path))
}

export async function readTensorFile(file: string): Promise<Map<string, Float32Array>> {
  const tensors = new Map<string, Float32Array>()
  await withSafetensors(file, async (reader) => {
    for (const { name, byteLength } of reader.tensors.values()) {
      const data = new Float32Array(byteLength / 4)
      await reader.readFloat32(name, data)
      tensors.set(name, data)
    }
  })
  return tensors
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, norm] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2
    norm += b[i]! ** 2
  }
  return Math.sqrt(difference / norm)
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let largest = 0
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    if (!(difference <= largest)) largest = difference
  }
  return largest
}

/** The true gradient of a key's bias is zero: what is there is rounding noise. */
export function isKeyBias(name: string): boolean {
  return /attention\.(self\.)?(key|k_lin)\.bias$/.test(name)
}
