/**
 * The shape of the IPC contract. A call has an input schema and a result type; an event has a payload type.
 * Main must implement every call (mapped type), the renderer's client is derived, the preload only knows names.
 */
import type { z } from 'zod'

declare const RESULT: unique symbol
declare const PAYLOAD: unique symbol

export interface Call<I extends z.ZodType = z.ZodType, R = unknown> {
  kind: 'call'
  input: I
  [RESULT]?: R
}
export interface Event<P = unknown> {
  kind: 'event'
  [PAYLOAD]?: P
}

/** A call's declaration, waiting for its result type. */
interface Returning<I extends z.ZodType> {
  returns<R>(): Call<I, R>
}

/** `call(Schema).returns<Result>()` */
export function call<I extends z.ZodType>(input: I): Returning<I> {
  return { returns: () => ({ kind: 'call', input }) }
}

export function event<P>(): Event<P> {
  return { kind: 'event' }
}

export type Api = Record<string, Call | Event>

type CallNames<A extends Api> = { [K in keyof A]: A[K] extends Call ? K : never }[keyof A]
type EventNames<A extends Api> = { [K in keyof A]: A[K] extends Event ? K : never }[keyof A]
type InputOf<C> = C extends Call<infer I> ? z.output<I> : never
type RawInputOf<C> = C extends Call<infer I> ? z.input<I> : never
type ResultOf<C> = C extends Call<z.ZodType, infer R> ? R : never
type PayloadOf<E> = E extends Event<infer P> ? P : never

export type Handlers<A extends Api> = {
  [K in CallNames<A>]: (input: InputOf<A[K]>) => ResultOf<A[K]> | Promise<ResultOf<A[K]>>
}
export type Client<A extends Api> = {
  [K in CallNames<A>]: (input: RawInputOf<A[K]>) => Promise<ResultOf<A[K]>>
} & {
  [K in EventNames<A>]: (listener: (payload: PayloadOf<A[K]>) => void) => () => void
}
export type Emitters<A extends Api> = { [K in EventNames<A>]: (payload: PayloadOf<A[K]>) => void }
