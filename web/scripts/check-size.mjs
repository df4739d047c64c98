/**
 * Fails when the scripts that load before the first paint weigh more than the budget.
 * Counted: the entry and everything it imports statically, each file gzipped at level 9.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const built = join(dirname(fileURLToPath(import.meta.url)), "../../src/braid/_web");

/** Paths of the scripts that the chunk named `key` needs at once, itself included. */
function eagerFiles(manifest, key, seen = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`the build's manifest names no chunk ${key}, run: make web`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const next of chunk.imports ?? []) eagerFiles(manifest, next, seen);
  return seen;
}

const manifest = JSON.parse(readFileSync(join(built, ".vite/manifest.json"), "utf8"));
const files = [...eagerFiles(manifest, "index.html")].filter((file) => file.endsWith(".js")).sort();
let total = 0;
for (const file of files) {
  const kb = gzipSync(readFileSync(join(built, file)), { level: 9 }).length / 1000;
  total += kb;
  console.log(`${kb.toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${total.toFixed(1).padStart(8)} kB  first load, budget ${BUDGET_KB} kB`);
if (total > BUDGET_KB) {
  console.error(
    `The first load is ${(total - BUDGET_KB).toFixed(1)} kB over budget: import what only some panes need with import().`,
  );
  process.exit(1);
}
