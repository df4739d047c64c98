/** Where unsent change sets wait: IndexedDB in the browser. Kept until acknowledged. */
import type { ChangeSet } from "../model/changes";

export interface Waiting {
  readonly project: string;
  /** Sorts by the order of gestures. */
  readonly place: number;
  readonly changeSet: ChangeSet;
}

export interface OutboxStorage {
  all(project: string): Promise<readonly Waiting[]>;
  put(entry: Waiting): Promise<void>;
  remove(changeSetId: string): Promise<void>;
}

const STORE = "waiting";

export class IndexedOutbox implements OutboxStorage {
  readonly #factory: IDBFactory;
  readonly #name: string;
  #opened: Promise<IDBDatabase> | null = null;

  constructor(factory: IDBFactory = indexedDB, name = "braid-outbox") {
    this.#factory = factory;
    this.#name = name;
  }

  async all(project: string): Promise<readonly Waiting[]> {
    const rows = (await this.#run("readonly", (store) => store.getAll())) as (Waiting & { id: string })[];
    return rows
      .filter((row) => row.project === project)
      .map(({ place, changeSet }) => ({ project, place, changeSet }))
      .sort((a, b) => a.place - b.place);
  }

  async put(entry: Waiting): Promise<void> {
    await this.#run("readwrite", (store) => store.put({ ...entry, id: entry.changeSet.id }));
  }

  async remove(changeSetId: string): Promise<void> {
    await this.#run("readwrite", (store) => store.delete(changeSetId));
  }

  #open(): Promise<IDBDatabase> {
    this.#opened ??= new Promise((resolve, reject) => {
      const request = this.#factory.open(this.#name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return this.#opened;
  }

  /** Resolves when the transaction is complete, so that what was put survives a closed tab. */
  async #run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}
