/** The sweeps that are shown together: that of the moment and so many to either side, each where it belongs. */
import { IDENTITY, type RigidTransform } from "../../base/rotation";
import type { Stream } from "../../model/records";
import type { Api } from "../../store/api";
import type { PlacedSweep } from "./cloud";
import { readingCount, type Sweep, Sweeps } from "./sweeps";

export const MOST_AROUND = 10;

export interface WindowPorts {
  readonly api: Api;
  readonly stream: Stream;
  /** From a sweep's frame of reference to that of the sweep of the moment; null when a pose is missing. */
  paneFromSweep(reading: number, frame: string, current: number): RigidTransform | null;
  changed(): void;
  failed(error: unknown): void;
}

export class SweepWindow {
  readonly #ports: WindowPorts;
  readonly #sweeps: Sweeps;
  #reading = -1;
  #around = 0;
  #current: Sweep | null = null;
  #others: ReadonlyMap<number, Sweep> = new Map();
  #placed: readonly PlacedSweep[] | null = null;
  #missing = 0;

  constructor(ports: WindowPorts) {
    this.#ports = ports;
    this.#sweeps = new Sweeps(ports.api, ports.stream);
  }

  get current(): Sweep | null {
    return this.#current;
  }

  get around(): number {
    return this.#around;
  }

  /** How many neighbours cannot be placed because a pose is missing. */
  get missing(): number {
    return this.#missing;
  }

  setAround(around: number): void {
    const most = Math.min(MOST_AROUND, readingCount(this.#ports.stream) - 1);
    this.#around = Math.max(0, Math.min(most, around));
    this.#placed = null;
    void this.#loadOthers(this.#reading);
    this.#ports.changed();
  }

  /** Poses or clocks changed: everything is placed anew. */
  replace(): void {
    this.#placed = null;
  }

  async show(reading: number): Promise<void> {
    this.#reading = reading;
    try {
      const sweep = await this.#sweeps.get(reading);
      if (reading !== this.#reading) return;
      this.#current = sweep;
      this.#placed = null;
      this.#ports.changed();
      await this.#loadOthers(reading);
      // The next one is likely wanted next.
      if (reading + 1 < readingCount(this.#ports.stream)) this.#sweeps.get(reading + 1).catch(() => {});
    } catch (error) {
      if (reading === this.#reading) this.#ports.failed(error);
    }
  }

  async #loadOthers(reading: number): Promise<void> {
    const last = readingCount(this.#ports.stream) - 1;
    const kept = new Map<number, Sweep>();
    for (let away = 1; away <= this.#around; away++) {
      for (const other of [reading - away, reading + away]) {
        if (other < 0 || other > last) continue;
        try {
          kept.set(other, await this.#sweeps.get(other));
        } catch {
          continue;
        }
        if (reading !== this.#reading) return;
        this.#others = new Map(kept);
        this.#placed = null;
        this.#ports.changed();
      }
    }
    this.#others = kept;
    this.#placed = null;
  }

  /** The sweep of the moment first. */
  get placed(): readonly PlacedSweep[] {
    if (this.#placed !== null) return this.#placed;
    if (this.#current === null) return [];
    const placed: PlacedSweep[] = [
      { sweep: this.#current, reading: this.#reading, pane_from_sweep: IDENTITY, away: 0 },
    ];
    this.#missing = 0;
    for (const [reading, sweep] of this.#others) {
      const away = reading - this.#reading;
      if (away === 0 || Math.abs(away) > this.#around) continue;
      const pane_from_sweep = this.#ports.paneFromSweep(reading, sweep.header.frame, this.#reading);
      if (pane_from_sweep === null) this.#missing += 1;
      else placed.push({ sweep, reading, pane_from_sweep, away });
    }
    this.#placed = placed;
    return placed;
  }
}
