/** Whether sound is shown as a wave, as a spectrogram or as both: one setting for all sound panes, kept by the browser. */

export type SoundLook = "wave" | "spectrogram" | "both";

const ORDER: readonly SoundLook[] = ["wave", "spectrogram", "both"];
const KEY = "braid.sound-look";

let look: SoundLook = remembered();
const listeners = new Set<() => void>();

function remembered(): SoundLook {
  const kept = globalThis.localStorage?.getItem(KEY);
  return ORDER.find((one) => one === kept) ?? "wave";
}

export function soundLook(): SoundLook {
  return look;
}

export function setSoundLook(next: SoundLook): void {
  look = next;
  globalThis.localStorage?.setItem(KEY, next);
  for (const listener of [...listeners]) listener();
}

/** The next way of showing it. */
export function turnSoundLook(): SoundLook {
  setSoundLook(ORDER[(ORDER.indexOf(look) + 1) % ORDER.length] ?? "wave");
  return look;
}

/** Returns what ends it. */
export function onSoundLook(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
