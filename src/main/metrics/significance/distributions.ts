/** Tails of the normal, chi-squared and Student distributions, from the incomplete gamma and beta functions. */

const EPSILON = 1e-16
const TINY = 1e-300
const MOST_TERMS = 10_000

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** log Γ(x), x > 0; relative error below 1e-14 (Lanczos, g = 7, 9 terms). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const t = x + 6.5
  const series = LANCZOS.reduce((sum, c, i) => (i === 0 ? c : sum + c / (x + i - 1)), 0)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series)
}

/** The continued fraction 1/(1 + a₁/(1 + a₂/(1 + …))) by Lentz's method. */
function continuedFraction(numerator: (term: number) => number): number {
  let c = 1
  let d = 0
  let value = 1
  for (let term = 1; term <= MOST_TERMS; term++) {
    const a = numerator(term)
    d = 1 + a * d
    d = 1 / (Math.abs(d) < TINY ? TINY : d)
    c = 1 + a / c
    if (Math.abs(c) < TINY) c = TINY
    const change = c * d
    value *= change
    if (Math.abs(change - 1) < EPSILON) break
  }
  return 1 / value
}

/** I_x(a, b), the regularized incomplete beta function. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  )
  const fraction = continuedFraction((term) => {
    const m = Math.floor(term / 2)
    return term % 2 === 0
      ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
  })
  return front * fraction
}

/** P(X > x) of chi-squared with one degree of freedom. */
export function chiSquaredTail(x: number): number {
  return 2 * normalTail(Math.sqrt(Math.max(0, x)))
}

/** P(Z > z). */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  return 0.5 * upperGammaHalf((z * z) / 2)
}

/** Q(1/2, x) = erfc(√x): by its series near zero, by its continued fraction beyond. */
function upperGammaHalf(x: number): number {
  if (x === 0) return 1
  const front = Math.sqrt(x / Math.PI) * Math.exp(-x)
  if (x < 1.5) {
    let term = 2
    let sum = term
    for (let n = 1; term > sum * EPSILON; n++) {
      term *= x / (n + 0.5)
      sum += term
    }
    return 1 - front * sum
  }
  // Q(a, x) = e^-x x^a / Γ(a) · 1/(x + (1 − a)/(1 + 1/(x + (2 − a)/(1 + …)))), each level divided by x or 1.
  const fraction = continuedFraction((term) => (term % 2 === 1 ? (term + 1) / 2 - 0.5 : term / 2) / x)
  return (front / x) * fraction
}

/** P(|T| > |t|) of Student's distribution with `df` > 0 degrees of freedom, which need not be whole. */
export function studentTwoSided(t: number, df: number): number {
  return incompleteBeta(df / (df + t * t), df / 2, 0.5)
}

/** t with P(|T| > t) = `share`, by bisection. */
export function studentQuantile(share: number, df: number): number {
  let low = 0
  let high = 1
  while (studentTwoSided(high, df) > share) high *= 2
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2
    if (studentTwoSided(middle, df) > share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
