/** The normal distribution in float64, also deep in its tails. erfc after W. J. Cody (1969), relative error < 1e-15. */

const SQRT1_2 = Math.SQRT1_2
export const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)
const SQRT_PI = Math.sqrt(Math.PI)

const SMALL_P = [
  1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2,
  3.20937758913846947e3,
]
const SMALL_Q = [
  1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3,
]
const MIDDLE_P = [
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
  2.98635138197400131e2, 8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3,
  1.23033935479799725e3,
]
const MIDDLE_Q = [
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
  3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
]
const LARGE_P = [
  1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
  1.60837851487422766e-2, 6.58749161529837803e-4,
]
const LARGE_Q = [
  1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2,
  2.33520497626869185e-3,
]

/** Highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}

const SMALL = 0.46875

export function erf(x: number): number {
  const y = Math.abs(x)
  if (y <= SMALL) return (x * polynomial(SMALL_P, y * y)) / polynomial(SMALL_Q, y * y)
  return x > 0 ? 1 - erfc(y) : erfc(y) - 1
}

function erfc(x: number): number {
  const y = Math.abs(x)
  if (y <= SMALL) return 1 - erf(x)
  const tail = y > 27 ? 0 : erfcx(y) * Math.exp(-y * y)
  return x > 0 ? tail : 2 - tail
}

/** exp(x²) erfc(x) for x ≥ 0. */
export function erfcx(x: number): number {
  if (x <= SMALL) return Math.exp(x * x) * (1 - erf(x))
  if (x <= 4) return polynomial(MIDDLE_P, x) / polynomial(MIDDLE_Q, x)
  const z = 1 / (x * x)
  return (1 / SQRT_PI - (z * polynomial(LARGE_P, z)) / polynomial(LARGE_Q, z)) / x
}

/** Φ(x). */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x * SQRT1_2)
}

/** log Φ(x). */
export function logNormalCdf(x: number): number {
  if (x < -1) return Math.log(0.5 * erfcx(-x * SQRT1_2)) - 0.5 * x * x
  return Math.log1p(-normalCdf(-x))
}

export function normalLogPdf(x: number): number {
  return -0.5 * x * x - LOG_SQRT_2PI
}

/** log of the probability between a and b, a ≤ b. */
export function logNormalMass(a: number, b: number): number {
  if (b <= 0) return logDifference(logNormalCdf(b), logNormalCdf(a))
  if (a > 0) return logDifference(logNormalCdf(-a), logNormalCdf(-b))
  return Math.log1p(-normalCdf(a) - normalCdf(-b))
}

/** log(exp(p) - exp(q)), p ≥ q. */
function logDifference(p: number, q: number): number {
  return p + Math.log1p(-Math.exp(q - p))
}

/** Φ⁻¹(p): P. J. Acklam's rational approximation and two Newton steps. */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity
  if (p >= 1) return Infinity
  if (p > 0.5) return -normalQuantile(1 - p)
  let x = approximateQuantile(p)
  for (let i = 0; i < 2; i++) x -= (normalCdf(x) - p) * Math.exp(-normalLogPdf(x))
  return x
}

/** For p ≤ 0.5. */
function approximateQuantile(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return (
      polynomial(
        [
          -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
          4.374664141464968, 2.938163982698783,
        ],
        q,
      ) / polynomial([7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1], q)
    )
  }
  const q = p - 0.5
  const r = q * q
  return (
    (q *
      polynomial(
        [
          -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
          -3.066479806614716e1, 2.506628277459239,
        ],
        r,
      )) /
    polynomial(
      [
        -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
        -1.328068155288572e1, 1,
      ],
      r,
    )
  )
}

/** log E[max(0, Z - (-z))] for standard normal Z: log(z Φ(z) + φ(z)), stable where the improvement is hopeless. */
export function logExpectedImprovement(z: number): number {
  if (z > -5) return Math.log(z * normalCdf(z) + Math.exp(normalLogPdf(z)))
  // φ(z) (1 + z √(π/2) erfcx(-z/√2)); the bracket by its asymptotic series where the difference would cancel.
  const r = 1 / (z * z)
  const bracket =
    z > -30 ? 1 + z * Math.sqrt(Math.PI / 2) * erfcx(-z * SQRT1_2) : r * (1 + r * (-3 + r * (15 - 105 * r)))
  return normalLogPdf(z) + Math.log(bracket)
}
