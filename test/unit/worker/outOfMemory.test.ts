import { expect, it } from 'vitest'
import { outOfMemory } from '../../../src/main/worker/outOfMemory'

it('knows what V8 throws where memory runs out', () => {
  let caught: unknown
  try {
    new ArrayBuffer(2 ** 52)
  } catch (error) {
    caught = error
  }
  expect(outOfMemory(caught)).toMatchObject({ code: 'out-of-memory' })
})

it.each([
  'Failed to allocate memory for requested buffer of size 4294967296',
  'Non-zero status code returned while running Gemm node: std::bad_alloc',
  'WebAssembly.Memory(): could not allocate memory',
])('knows %s', (message) => {
  expect(outOfMemory(new Error(message))).not.toBeNull()
})

it('leaves other errors alone', () => {
  expect(outOfMemory(new Error('No such node.'))).toBeNull()
  expect(outOfMemory('bad_alloc')).toBeNull()
})
