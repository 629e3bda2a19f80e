/**
 * Elementary functions made of `+ − × ÷` alone. IEEE 754 fixes those to the last bit, while `Math.log`, `Math.exp` and
 * `Math.pow` may differ between machines and engine versions; so everything that decides bytes of a result in
 * deterministic mode goes through these. Accurate to a few units in the last place.
 */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const SQRT2 = 1.4142135623730951;
const MANTISSA_BITS = 52;
const EXPONENT_BIAS = 1023;
const view = new DataView(new ArrayBuffer(8));

/** 2ᵏ for an integer −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  view.setUint32(0, (k + EXPONENT_BIAS) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** Splits x = m · 2ᵉ with √½ ≤ m < √2. */
function split(x: number): { mantissa: number; exponent: number } {
  if (x < powerOfTwo(-1022)) {
    const scaled = split(x * powerOfTwo(MANTISSA_BITS));
    return { mantissa: scaled.mantissa, exponent: scaled.exponent - MANTISSA_BITS };
  }
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  const exponent = (high >>> 20) - EXPONENT_BIAS;
  view.setUint32(0, (high & 0xfffff) | (EXPONENT_BIAS << 20));
  const mantissa = view.getFloat64(0);
  return mantissa >= SQRT2 ? { mantissa: mantissa / 2, exponent: exponent + 1 } : { mantissa, exponent };
}

/** Natural logarithm: ln m = 2·artanh((m − 1)/(m + 1)) by its series. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  const { mantissa, exponent } = split(x);
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let odd = 23; odd >= 3; odd -= 2) series = (series + 1 / odd) * square;
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * (1 + series));
}

/** Logarithm to base 2. */
export function log2(x: number): number {
  return log(x) / Math.LN2;
}

/** eˣ by reduction to |r| ≤ ½·ln 2 and the Taylor series. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.7) return Infinity;
  if (x < -708) return 0;
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = 1;
  for (let n = 16; n >= 1; n--) series = 1 + (series * r) / n;
  return k > EXPONENT_BIAS ? series * powerOfTwo(k - 1) * 2 : series * powerOfTwo(k);
}

/** x to the power of y, for x ≥ 0; x⁰ = 1, also for x = 0. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (x === 0) return y > 0 ? 0 : Infinity;
  return y === 1 ? x : exp(y * log(x));
}

/** 1, base, base², … by repeated multiplication. */
export function powers(base: number, count: number): Float64Array {
  const out = new Float64Array(count);
  let value = 1;
  for (let i = 0; i < count; i++) {
    out[i] = value;
    value *= base;
  }
  return out;
}
