/** The two ONNX files of a translation model: a text is read once, then written token by token with what is known kept. */
import { readFile } from 'node:fs/promises'
import { UserError } from '../../../shared/errors'
import { refuseExternalData } from '../onnx/externalData'
import { type HostTensor, type HostTensors, Session } from '../runtime/session'
import type { NextLogits } from './beamSearch'

/** @throws UserError `corrupt` where onnxruntime does not load the file */
export async function loadForeignOnnx(file: string): Promise<Session> {
  const bytes = await readFile(file)
  refuseExternalData(bytes, file)
  try {
    return await Session.load(bytes, { optimize: true })
  } catch (cause) {
    throw new UserError('corrupt', 'onnxruntime does not load this file.', {
      where: { file },
      hint: 'Copy the folder again: the file may be cut off.',
      cause,
    })
  }
}

/** Sources as the encoder reads them. */
export interface Read {
  /** [B,T] int64 of 1 and 0. */
  mask: HostTensor
  /** [B,T,H] */
  hidden: HostTensor
}

/** @param rows token ids of each source */
export async function readSources(
  encoder: Session,
  rows: readonly (readonly number[])[],
  padId: number,
): Promise<Read> {
  const length = Math.max(...rows.map((row) => row.length))
  const shape = [rows.length, length]
  const filled = (value: (row: readonly number[], at: number) => number): HostTensor => ({
    dtype: 'int64',
    shape,
    data: BigInt64Array.from({ length: rows.length * length }, (_, i) =>
      BigInt(value(rows[Math.floor(i / length)]!, i % length)),
    ),
  })
  const mask = filled((row, at) => (at < row.length ? 1 : 0))
  const input_ids = filled((row, at) => row[at] ?? padId)
  const { last_hidden_state: hidden } = await encoder.evaluate({ input_ids, attention_mask: mask })
  return { mask, hidden: hidden! }
}

const PAST = 'past_key_values.'

/**
 * Next tokens after the sources that were read. Keys and values of what was written stay between calls, and are put
 * in the order of the rows that go on.
 */
export function writer(decoder: Session, read: Read, onStep: () => void): NextLogits {
  const pastNames = decoder.inputNames.filter((name) => name.startsWith(PAST))
  let [mask, hidden] = [read.mask, read.hidden]
  let past: HostTensors | null = null
  return async (ids, from) => {
    onStep()
    mask = rowsAt(mask, from)
    hidden = rowsAt(hidden, from)
    const isFirst = past === null
    const known: HostTensors = past
      ? mapped(past, (tensor) => rowsAt(tensor, from))
      : Object.fromEntries(pastNames.map((name) => [name, nothing(decoder, name, ids.length)]))
    const results = await decoder.evaluate({
      input_ids: {
        dtype: 'int64',
        shape: [ids.length, 1],
        data: BigInt64Array.from(ids, (row) => BigInt(row.at(-1)!)),
      },
      encoder_attention_mask: mask,
      encoder_hidden_states: hidden,
      ...known,
      use_cache_branch: { dtype: 'bool', shape: [1], data: Uint8Array.of(isFirst ? 0 : 1) },
    })
    past = Object.fromEntries(
      pastNames.map((name) => {
        // What the decoder reads of the source does not change after the first step.
        const keeps = !isFirst && name.includes('.encoder.')
        return [name, keeps ? known[name]! : results[name.replace(PAST, 'present.')]!]
      }),
    )
    return logitsOf(results['logits']!)
  }
}

function nothing(decoder: Session, name: string, rows: number): HostTensor {
  const [, heads, , width] = decoder.inputShapes.get(name)!
  return { dtype: 'float32', shape: [rows, Number(heads), 0, Number(width)], data: new Float32Array(0) }
}

function mapped(tensors: HostTensors, change: (tensor: HostTensor) => HostTensor): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]))
}

/** The same rows in another order, or some of them, or one more than once. */
function rowsAt(tensor: HostTensor, rows: readonly number[]): HostTensor {
  const [count, ...rest] = tensor.shape as [number, ...number[]]
  if (rows.length === count && rows.every((row, i) => row === i)) return tensor
  const size = rest.reduce((a, b) => a * b, 1)
  const { data } = tensor
  const moved = data.slice(0, 0).constructor as { new (length: number): typeof data }
  const result = new moved(rows.length * size)
  rows.forEach((row, i) => result.set(data.subarray(row * size, (row + 1) * size) as never, i * size))
  return { ...tensor, shape: [rows.length, ...rest], data: result }
}

/** Logits [R,1,V] row by row. */
function logitsOf({ shape, data }: HostTensor): Float32Array[] {
  const [rows, , size] = shape as [number, number, number]
  return Array.from({ length: rows }, (_, row) =>
    (data as Float32Array).subarray(row * size, (row + 1) * size),
  )
}
