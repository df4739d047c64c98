/** The revision of a record: the same digest as the server's. */
import { sha256Hex } from "../base/sha256";
import { canonicalJson } from "./canonical";
import { normalise } from "./normalise";
import type { AnyRecord } from "./records";

/** The first 32 hex digits of the SHA-256 of the canonical JSON, members at their default left out. */
export function revisionOf(record: AnyRecord): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(normalise(record)))).slice(0, 32);
}
