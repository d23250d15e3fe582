/** JSON as an honest provider sends it, for property tests: any value but a trap. */
import fc from "fast-check";

/** Any JSON value without a key that names a prototype; those have tests of their own. */
export function plainJson(constraints: fc.JsonSharedConstraints = {}): fc.Arbitrary<unknown> {
  return fc
    .jsonValue(constraints)
    .filter((value) => !/"(__proto__|constructor|prototype)"/.test(JSON.stringify(value)));
}
