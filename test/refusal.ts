import * as assert from 'uvu/assert';

/** Asserts that the work ends with an error of this class, in one line that matches. */
export async function refusal(
  work: Promise<unknown>,
  kind: abstract new (...args: never[]) => Error,
  says: RegExp,
): Promise<void> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, kind as never);
  const { message } = error as Error;
  assert.match(message, says);
  assert.not.match(message, /\n/);
}
