// The loops that are not matrix products, in AssemblyScript (compiled to out/kernels/kernels.wasm with SIMD).
// Pointers are byte offsets into the imported memory; `n` counts float32 elements unless said otherwise.
// No pointer needs an alignment beyond its element's.

// AdamW (Loshchilov & Hutter 2019) as torch.optim.AdamW computes it: decay first, then
// m += (g − m)(1 − β1), v = β2·v + (1 − β2)·g², p −= lr/c1 · m / (√v/√c2 + ε); `gradScale` multiplies g first.
export function adamw(
  p: usize, g: usize, m: usize, v: usize, n: usize,
  lr: f64, beta1: f64, beta2: f64, eps: f64, c1: f64, c2: f64, weightDecay: f64, gradScale: f32,
): void {
  const keep: f32 = <f32>(1 - lr * weightDecay)
  const w1: f32 = <f32>(1 - beta1)
  const b2: f32 = <f32>beta2
  const w2: f32 = <f32>(1 - beta2)
  const step: f32 = <f32>(lr / c1)
  const unbias: f32 = <f32>(1 / Math.sqrt(c2))
  const e: f32 = <f32>eps
  const KEEP = f32x4.splat(keep), W1 = f32x4.splat(w1), B2 = f32x4.splat(b2), W2 = f32x4.splat(w2)
  const STEP = f32x4.splat(step), UNBIAS = f32x4.splat(unbias), E = f32x4.splat(e), GS = f32x4.splat(gradScale)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) {
    const gg = f32x4.mul(v128.load(g + i), GS)
    const m0 = v128.load(m + i)
    const mm = f32x4.add(m0, f32x4.mul(f32x4.sub(gg, m0), W1))
    const vv = f32x4.add(f32x4.mul(v128.load(v + i), B2), f32x4.mul(f32x4.mul(gg, gg), W2))
    v128.store(m + i, mm)
    v128.store(v + i, vv)
    const denominator = f32x4.add(f32x4.mul(f32x4.sqrt(vv), UNBIAS), E)
    const decayed = f32x4.mul(v128.load(p + i), KEEP)
    v128.store(p + i, f32x4.sub(decayed, f32x4.mul(STEP, f32x4.div(mm, denominator))))
  }
  for (const end: usize = n << 2; i < end; i += 4) {
    const gg: f32 = load<f32>(g + i) * gradScale
    const m0: f32 = load<f32>(m + i)
    const mm: f32 = m0 + (gg - m0) * w1
    const vv: f32 = load<f32>(v + i) * b2 + gg * gg * w2
    store<f32>(m + i, mm)
    store<f32>(v + i, vv)
    store<f32>(p + i, load<f32>(p + i) * keep - step * (mm / (sqrt<f32>(vv) * unbias + e)))
  }
}

// g = gradScale·g + weightDecay·p: the L2 penalty inside the gradient, as torch.optim.Adam and SGD have it.
export function coupleDecay(g: usize, p: usize, n: usize, gradScale: f32, weightDecay: f32): void {
  const GS = f32x4.splat(gradScale), WD = f32x4.splat(weightDecay)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16)
    v128.store(g + i, f32x4.add(f32x4.mul(v128.load(g + i), GS), f32x4.mul(v128.load(p + i), WD)))
  for (const end: usize = n << 2; i < end; i += 4)
    store<f32>(g + i, load<f32>(g + i) * gradScale + load<f32>(p + i) * weightDecay)
}

// y += factor·x
export function addScaled(y: usize, x: usize, n: usize, factor: f32): void {
  const F = f32x4.splat(factor)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) v128.store(y + i, f32x4.add(v128.load(y + i), f32x4.mul(v128.load(x + i), F)))
  for (const end: usize = n << 2; i < end; i += 4) store<f32>(y + i, load<f32>(y + i) + load<f32>(x + i) * factor)
}

// torch.optim.SGD with momentum: b = momentum·b + (1 − dampening)·g, p −= lr·(g + momentum·b with Nesterov, else b).
export function momentum(
  p: usize, g: usize, b: usize, n: usize, lr: f32, keep: f32, take: f32, nesterov: bool,
): void {
  const K = f32x4.splat(keep), T = f32x4.splat(take), LR = f32x4.splat(lr)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) {
    const gg = v128.load(g + i)
    const bb = f32x4.add(f32x4.mul(v128.load(b + i), K), f32x4.mul(gg, T))
    v128.store(b + i, bb)
    const d = nesterov ? f32x4.add(gg, f32x4.mul(bb, K)) : bb
    v128.store(p + i, f32x4.sub(v128.load(p + i), f32x4.mul(LR, d)))
  }
  for (const end: usize = n << 2; i < end; i += 4) {
    const gg: f32 = load<f32>(g + i)
    const bb: f32 = load<f32>(b + i) * keep + gg * take
    store<f32>(b + i, bb)
    store<f32>(p + i, load<f32>(p + i) - lr * (nesterov ? gg + bb * keep : bb))
  }
}

@inline function sign(x: f32): f32 {
  return x > 0 ? 1 : x < 0 ? -1 : 0
}

// Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms"): decay first, then
// p −= lr · sign(β1·m + (1 − β1)·g), m = β2·m + (1 − β2)·g; `gradScale` multiplies g first.
export function lion(
  p: usize, g: usize, m: usize, n: usize, lr: f64, beta1: f64, beta2: f64, weightDecay: f64, gradScale: f32,
): void {
  const keep: f32 = <f32>(1 - lr * weightDecay)
  const step: f32 = <f32>lr
  const b1: f32 = <f32>beta1, w1: f32 = <f32>(1 - beta1)
  const b2: f32 = <f32>beta2, w2: f32 = <f32>(1 - beta2)
  const KEEP = f32x4.splat(keep), STEP = f32x4.splat(step), GS = f32x4.splat(gradScale), ZERO = f32x4.splat(0)
  const B1 = f32x4.splat(b1), W1 = f32x4.splat(w1), B2 = f32x4.splat(b2), W2 = f32x4.splat(w2)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) {
    const gg = f32x4.mul(v128.load(g + i), GS)
    const mm = v128.load(m + i)
    const c = f32x4.add(f32x4.mul(mm, B1), f32x4.mul(gg, W1))
    const up = v128.and(STEP, f32x4.gt(c, ZERO)), down = v128.and(STEP, f32x4.lt(c, ZERO))
    v128.store(p + i, f32x4.add(f32x4.sub(f32x4.mul(v128.load(p + i), KEEP), up), down))
    v128.store(m + i, f32x4.add(f32x4.mul(mm, B2), f32x4.mul(gg, W2)))
  }
  for (const end: usize = n << 2; i < end; i += 4) {
    const gg: f32 = load<f32>(g + i) * gradScale
    const mm: f32 = load<f32>(m + i)
    store<f32>(p + i, load<f32>(p + i) * keep - step * sign(mm * b1 + gg * w1))
    store<f32>(m + i, mm * b2 + gg * w2)
  }
}

// Adafactor (Shazeer & Stern 2018, Algorithm 4) on one matrix [rows, cols], the update left in g and its Σ x² returned.
// row = β·row + (1 − β)·mean over columns of g² + ε, col likewise; g becomes g / √(row · col / mean(row)).
export function adafactorMatrix(
  g: usize, row: usize, col: usize, rows: usize, cols: usize, beta2: f64, eps: f32, gradScale: f32,
): f64 {
  const b: f32 = <f32>beta2, w: f32 = <f32>(1 - beta2)
  scale(col, cols, b)
  let meanOfRows: f64 = 0
  for (let r: usize = 0; r < rows; r++) {
    const line: usize = g + ((r * cols) << 2)
    let sum: f64 = 0
    for (let c: usize = 0; c < cols; c++) {
      const gg: f32 = load<f32>(line + (c << 2)) * gradScale
      store<f32>(line + (c << 2), gg)
      const square: f32 = gg * gg + eps
      sum += <f64>square
      store<f32>(col + (c << 2), load<f32>(col + (c << 2)) + w * (square / <f32>rows))
    }
    const moment: f32 = load<f32>(row + (r << 2)) * b + w * <f32>(sum / <f64>cols)
    store<f32>(row + (r << 2), moment)
    meanOfRows += <f64>moment
  }
  const mean: f32 = <f32>(meanOfRows / <f64>rows)
  let total: f64 = 0
  for (let r: usize = 0; r < rows; r++) {
    const line: usize = g + ((r * cols) << 2)
    const rowFactor: f32 = <f32>1 / sqrt<f32>(load<f32>(row + (r << 2)) / mean)
    for (let c: usize = 0; c < cols; c++) {
      const at: usize = line + (c << 2)
      const update: f32 = rowFactor * (<f32>1 / sqrt<f32>(load<f32>(col + (c << 2)))) * load<f32>(at)
      store<f32>(at, update)
      total += <f64>update * <f64>update
    }
  }
  return total
}

// Adafactor where there is nothing to factor: v = β·v + (1 − β)(g² + ε), g becomes g / √v; returns its Σ x².
export function adafactorVector(g: usize, v: usize, n: usize, beta2: f64, eps: f32, gradScale: f32): f64 {
  const b: f32 = <f32>beta2, w: f32 = <f32>(1 - beta2)
  let total: f64 = 0
  for (let i: usize = 0, end: usize = n << 2; i < end; i += 4) {
    const gg: f32 = load<f32>(g + i) * gradScale
    const moment: f32 = load<f32>(v + i) * b + w * (gg * gg + eps)
    store<f32>(v + i, moment)
    const update: f32 = gg / sqrt<f32>(moment)
    store<f32>(g + i, update)
    total += <f64>update * <f64>update
  }
  return total
}

// x = min(max(x, −limit), limit)
export function clamp(x: usize, n: usize, limit: f32): void {
  const HIGH = f32x4.splat(limit), LOW = f32x4.splat(-limit)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) v128.store(x + i, f32x4.min(f32x4.max(v128.load(x + i), LOW), HIGH))
  for (const end: usize = n << 2; i < end; i += 4)
    store<f32>(x + i, min<f32>(max<f32>(load<f32>(x + i), -limit), limit))
}

// Σ x², summed in float64. NaN or infinite exactly where an element is: no float32 square overflows float64.
export function sumOfSquares(x: usize, n: usize): f64 {
  let a = f64x2.splat(0), b = f64x2.splat(0)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) {
    const four = v128.load(x + i)
    const low = f64x2.promote_low_f32x4(four)
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
    a = f64x2.add(a, f64x2.mul(low, low))
    b = f64x2.add(b, f64x2.mul(high, high))
  }
  const both = f64x2.add(a, b)
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)
  for (const end: usize = n << 2; i < end; i += 4) {
    const one: f64 = <f64>load<f32>(x + i)
    total += one * one
  }
  return total
}

export function scale(x: usize, n: usize, factor: f32): void {
  const F = f32x4.splat(factor)
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) v128.store(x + i, f32x4.mul(v128.load(x + i), F))
  for (const end: usize = n << 2; i < end; i += 4) store<f32>(x + i, load<f32>(x + i) * factor)
}

// y += x
export function add(y: usize, x: usize, n: usize): void {
  const simdEnd: usize = (n & ~3) << 2
  let i: usize = 0
  for (; i < simdEnd; i += 16) v128.store(y + i, f32x4.add(v128.load(y + i), v128.load(x + i)))
  for (const end: usize = n << 2; i < end; i += 4) store<f32>(y + i, load<f32>(y + i) + load<f32>(x + i))
}

export function zero(x: usize, bytes: usize): void {
  memory.fill(x, 0, bytes)
}

// table[ids[r]] += rows[r] in the order of r: the gradient of an embedding, exact and the same at every run.
// Rows whose id is `skip` (padding_idx, or -1) are left out. ids are int32.
export function addRows(table: usize, rows: usize, ids: usize, count: usize, width: usize, skip: i32): void {
  const bytes: usize = width << 2
  for (let r: usize = 0; r < count; r++) {
    const id = load<i32>(ids + (r << 2))
    if (id == skip) continue
    add(table + <usize>id * bytes, rows + r * bytes, width)
  }
}

// A 32-bit finalizer of low bias (Chris Wellons, "Prospecting for Hash Functions").
@inline function hash(x: u32): u32 {
  x ^= x >> 16
  x *= 0x7feb352d
  x ^= x >> 15
  x *= 0x846ca68b
  return x ^ (x >> 16)
}

@inline function hash4(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16))
  x = i32x4.mul(x, i32x4.splat(0x7feb352d))
  x = v128.xor(x, i32x4.shr_u(x, 15))
  x = i32x4.mul(x, i32x4.splat(0x846ca68b))
  return v128.xor(x, i32x4.shr_u(x, 16))
}

// Uniform noise [rows, length, width] float32 in ±scales[row]. As with masks, an element is a pure function of the keys,
// ordinals[row], position and column. Lines are written in pieces of 16 bytes: `dst` needs 12 bytes of slack.
export function uniformNoise(
  dst: usize, ordinals: usize, scales: usize, rows: usize, length: usize, width: usize, key0: u32, key1: u32,
): void {
  let out: usize = dst
  for (let r: usize = 0; r < rows; r++) {
    const rowKey = hash(load<u32>(ordinals + (r << 2)) + key0) ^ key1
    // An int32 over 2³¹ is uniform in ±1.
    const SCALE = f32x4.splat(load<f32>(scales + (r << 2)) * <f32>4.656612873077393e-10)
    for (let t: usize = 0; t < length; t++) {
      const LINE = i32x4.splat(hash(rowKey + <u32>t))
      let c = i32x4(0, 1, 2, 3)
      for (let k: usize = 0; k < width; k += 4) {
        v128.store(out + (k << 2), f32x4.mul(f32x4.convert_i32x4_s(hash4(v128.xor(hash4(c), LINE))), SCALE))
        c = i32x4.add(c, i32x4.splat(4))
      }
      out += width << 2
    }
  }
}

// Dropout mask bytes [rows, outer, inner, width]: 1 keeps, 0 drops. An element's value is a pure function of
// (key0, key1, ordinals[row], outer index, inner index, column): not of the shape, so a row keeps its mask
// however a batch is cut and padded. An element is dropped where 16 random bits are below `threshold`
// (probability · 65536). Each line is written in pieces of 16 bytes: `dst` needs 15 bytes of slack.
export function dropoutMask(
  dst: usize, ordinals: usize, rows: usize, outer: usize, inner: usize, width: usize,
  key0: u32, key1: u32, threshold: u32,
): void {
  const T = i16x8.splat(<i16>threshold), one = i8x16.splat(1), eight = i32x4.splat(8)
  let out: usize = dst
  for (let r: usize = 0; r < rows; r++) {
    const rowKey = hash(load<u32>(ordinals + (r << 2)) + key0) ^ key1
    for (let o: usize = 0; o < outer; o++) {
      for (let j: usize = 0; j < inner; j++) {
        const LINE = i32x4.splat(hash(rowKey + (<u32>o << 20) + <u32>j))
        let c = i32x4(0, 1, 2, 3), d = i32x4(4, 5, 6, 7)
        for (let k: usize = 0; k < width; k += 16) {
          const keepLow = i16x8.ge_u(hash4(v128.xor(hash4(c), LINE)), T)
          const keepHigh = i16x8.ge_u(hash4(v128.xor(hash4(d), LINE)), T)
          v128.store(out + k, v128.and(i8x16.narrow_i16x8_s(keepLow, keepHigh), one))
          c = i32x4.add(c, eight)
          d = i32x4.add(d, eight)
        }
        out += width
      }
    }
  }
}
