/**
 * Python that stands for numpy in EvalPlus's hidden tests, which ask it for `allclose` and the names of its types only.
 * So labels do not depend on what is installed, and a test costs no import. As numpy 2: |a − b| ≤ atol + rtol·|b| in double
 * precision, equal infinities are close, NaN is close to nothing; shapes are broadcast; what is no number, a ragged list
 * or shapes that do not fit are an error.
 */
export const NUMPY_STAND_IN = `class np:
    class ndarray:
        pass

    float32 = float64 = float

    def allclose(a, b, rtol=1e-05, atol=1e-08):
        return np.close(np.array(a), np.array(b, True), rtol, atol)

    def array(value, expected=False):
        """(shape, numbers nested as the shape says)"""
        if hasattr(value, "tolist"):
            value = value.tolist()
        if isinstance(value, (float, complex)):
            return (), value
        if isinstance(value, int) and -(1 << 63) <= value < 1 << 64:
            return (), float(value)
        if isinstance(value, (str, bytes)):
            raise TypeError("a text")
        sequence = hasattr(type(value), "__len__") and hasattr(type(value), "__getitem__")
        if not sequence or isinstance(value, dict):
            if expected:
                raise TypeError("no number")
            return (), None  # nothing can be subtracted from it, where it is compared
        items = [np.array(item, expected) for item in value]
        if len({shape for shape, _ in items}) > 1:
            raise ValueError("ragged")
        return (len(items), *(items[0][0] if items else ())), items

    def close(a, b, rtol, atol):
        (a_shape, a_value), (b_shape, b_value) = a, b
        if not a_shape and not b_shape:
            gap = abs(a_value - b_value)
            finite = abs(b_value) < float("inf")
            return a_value == b_value or finite and gap <= atol + rtol * abs(b_value)
        if len(a_shape) > len(b_shape):
            pairs = [(one, b) for one in a_value]
        elif len(a_shape) < len(b_shape):
            pairs = [(a, one) for one in b_value]
        elif a_shape[0] == b_shape[0]:
            pairs = list(zip(a_value, b_value))
        elif a_shape[0] == 1:
            pairs = [(a_value[0], one) for one in b_value]
        elif b_shape[0] == 1:
            pairs = [(one, b_value[0]) for one in a_value]
        else:
            raise ValueError("shapes that do not fit")
        return all(np.close(one, other, rtol, atol) for one, other in pairs)
`;

const ASKED = /^(ndarray|float32|float64|allclose)$/;

/** The test without its import of numpy, where the stand-in has all that it asks for. */
export function withoutNumpy(test: string): string {
  const asked = [...test.matchAll(/\bnp\.(\w+)/g)].map(([, name]) => name!);
  if (!asked.every((name) => ASKED.test(name))) return test;
  return test.replace(/^import numpy as np[ \t]*$/m, () => (asked.length > 0 ? NUMPY_STAND_IN : ''));
}
