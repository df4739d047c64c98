/** The keyboard and screen-reader way into a pane that draws on a canvas: a list of its objects, shown on focus. */

export interface ListedObject {
  readonly id: string;
  readonly label: string;
}

export interface ObjectListPorts {
  onPick(id: string): void;
  onHover(id: string | null): void;
}

const MOST = 500;

export class ObjectList {
  readonly element: HTMLElement;
  readonly #ports: ObjectListPorts;
  readonly #prefix: string;
  #ids: readonly string[] = [];
  #active = -1;
  #signature = "";
  static #count = 0;

  constructor(label: string, ports: ObjectListPorts) {
    this.#ports = ports;
    ObjectList.#count += 1;
    this.#prefix = `objects-${ObjectList.#count}`;
    this.element = document.createElement("div");
    this.element.className = "pane-objects";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", label);
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("blur", () => this.#ports.onHover(null));
    this.element.addEventListener("click", (event) => {
      const id = event.target instanceof Element ? event.target.getAttribute("data-id") : null;
      if (id !== null) this.#ports.onPick(id);
    });
  }

  show(objects: readonly ListedObject[], selection: ReadonlySet<string>): void {
    const shown = objects.slice(0, MOST);
    const signature = shown.map(({ id, label }) => `${id}${label}${selection.has(id)}`).join("|");
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#ids = shown.map(({ id }) => id);
    this.#active = Math.min(this.#active, this.#ids.length - 1);
    this.element.replaceChildren(
      ...shown.map(({ id, label }, index) => {
        const item = document.createElement("div");
        item.id = `${this.#prefix}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(selection.has(id)));
        item.setAttribute("data-id", id);
        item.textContent = label;
        return item;
      }),
    );
    this.element.hidden = shown.length === 0;
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#ids.length - 1;
    const at = this.#active;
    const next = { ArrowDown: Math.min(last, at + 1), ArrowUp: Math.max(0, at - 1), Home: 0, End: last }[event.key];
    if (next !== undefined) {
      this.#active = next;
      this.element.setAttribute("aria-activedescendant", `${this.#prefix}-${next}`);
      this.element.children[next]?.scrollIntoView({ block: "nearest" });
      for (const [index, child] of [...this.element.children].entries()) {
        child.toggleAttribute("data-active", index === next);
      }
      this.#ports.onHover(this.#ids[next] ?? null);
    } else if (event.key === "Enter" || event.key === " ") {
      const id = this.#ids[at];
      if (id !== undefined) this.#ports.onPick(id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
