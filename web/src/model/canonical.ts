/** Canonical JSON (RFC 8785, JCS) and the revision of a record: the same bytes as the server's. */
import { sha256Hex } from "../base/sha256";
import { normalise } from "./normalise";
import type { AnyRecord } from "./records";

/** Keys sorted by UTF-16 units, numbers as ECMAScript prints them, no white space; undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError(`canonicalJson: got ${value}, wanted a finite number`);
    return JSON.stringify(value);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** The first 32 hex digits of the SHA-256 of the canonical JSON, members at their default left out. */
export function revisionOf(record: AnyRecord): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(normalise(record)))).slice(0, 32);
}
