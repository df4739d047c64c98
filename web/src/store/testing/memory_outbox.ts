/** An outbox for tests that forgets. */
import type { OutboxStorage, Waiting } from "../outbox";

export class MemoryOutbox implements OutboxStorage {
  readonly #entries = new Map<string, Waiting>();

  async all(project: string): Promise<readonly Waiting[]> {
    return [...this.#entries.values()].filter((entry) => entry.project === project).sort((a, b) => a.place - b.place);
  }

  async put(entry: Waiting): Promise<void> {
    this.#entries.set(entry.changeSet.id, entry);
  }

  async remove(changeSetId: string): Promise<void> {
    this.#entries.delete(changeSetId);
  }
}
