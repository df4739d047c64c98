/**
 * Closes a `switch` over a tagged union: a case that was forgotten is a type error,
 * and a value from outside that fits no case is an error with the value in it.
 */
export function unreachable(value: never, where: string): never {
  throw new Error(`${where}: got ${JSON.stringify(value)}, wanted one of the known cases`);
}
