/** A small fuzzy match: all letters in order; starts of words and runs weigh more. null: no match. */
export function fuzzyScore(query: string, text: string): number | null {
  const [wanted, given] = [query.toLowerCase().replaceAll(" ", ""), text.toLowerCase()];
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const found = given.indexOf(letter, at + 1);
    if (found < 0) return null;
    const startsWord = found === 0 || /[\s_\-/.]/.test(given[found - 1] ?? "");
    score += (found === at + 1 ? 4 : 0) + (startsWord ? 3 : 0) - (found - at) * 0.1;
    at = found;
  }
  return score - given.length * 0.02;
}

/** Best first; all of them, in their order, for an empty query. */
export function fuzzyFilter<T>(query: string, items: readonly T[], textOf: (item: T) => string): readonly T[] {
  if (query.trim() === "") return items;
  return items
    .flatMap((item) => {
      const score = fuzzyScore(query, textOf(item));
      return score === null ? [] : [{ item, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
