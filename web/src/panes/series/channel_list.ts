/** The legend of a series: what is drawn with its values at the playhead, and the rest to choose from. */
import type { SeriesChannel } from "./series_window";

interface Row {
  readonly button: HTMLButtonElement;
  readonly swatch: HTMLElement;
  readonly value: HTMLElement;
}

export class ChannelList {
  readonly element = document.createElement("div");
  readonly #toggle: (index: number) => void;
  readonly #list = document.createElement("ul");
  readonly #more = document.createElement("button");
  readonly #filter = document.createElement("input");
  #rows: readonly Row[] = [];
  #channels: readonly SeriesChannel[] = [];
  #chosen: readonly number[] = [];
  #isOpen = false;

  constructor(name: string, toggle: (index: number) => void) {
    this.#toggle = toggle;
    this.element.className = "channels";
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", `Channels of ${name}`);
    this.#more.type = "button";
    this.#more.className = "ghost";
    this.#more.textContent = "More";
    this.#more.hidden = true;
    this.#more.addEventListener("click", () => {
      this.#isOpen = !this.#isOpen;
      this.#arrange();
      if (this.#isOpen) this.#filter.focus();
    });
    this.#filter.type = "search";
    this.#filter.hidden = true;
    this.#filter.placeholder = "Find a channel";
    this.#filter.setAttribute("aria-label", "Find a channel");
    this.#filter.addEventListener("input", () => this.#arrange());
    this.#filter.addEventListener("keydown", (event) => event.stopPropagation());
    this.element.append(this.#filter, this.#list, this.#more);
    // A press here neither moves the playhead nor begins a span.
    this.element.addEventListener("pointerdown", (event) => event.stopPropagation());
    this.element.addEventListener("wheel", (event) => event.stopPropagation(), { passive: true });
  }

  /** `colourOf` gives the colour of a drawn channel. */
  show(channels: readonly SeriesChannel[], chosen: readonly number[], colourOf: (index: number) => string): void {
    if (this.#channels.length !== channels.length) this.#build(channels);
    this.#channels = channels;
    this.#chosen = chosen;
    this.#rows.forEach(({ button, swatch }, index) => {
      const on = chosen.includes(index);
      button.setAttribute("aria-pressed", String(on));
      swatch.style.background = on ? colourOf(index) : "transparent";
    });
    this.#arrange();
  }

  /** Texts of the values at the playhead; null for none. */
  say(values: readonly (number | null)[]): void {
    this.#rows.forEach(({ value }, index) => {
      const at = values[index];
      const unit = this.#channels[index]?.unit ?? "";
      const text = at == null ? "–" : `${Number(at.toPrecision(4))}${unit === "" ? "" : ` ${unit}`}`;
      if (value.textContent !== text) value.textContent = text;
    });
  }

  #build(channels: readonly SeriesChannel[]): void {
    this.#rows = channels.map((channel, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = channel.name;
      const swatch = document.createElement("i");
      const name = document.createElement("span");
      name.textContent = channel.name;
      const value = document.createElement("b");
      button.append(swatch, name, value);
      button.addEventListener("click", () => this.#toggle(index));
      return { button, swatch, value };
    });
    this.#list.replaceChildren(
      ...this.#rows.map(({ button }) => {
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
  }

  #arrange(): void {
    const rest = this.#channels.length - this.#chosen.length;
    const wanted = this.#filter.value.trim().toLowerCase();
    this.#filter.hidden = !this.#isOpen || this.#channels.length < 8;
    this.#more.hidden = rest === 0 && !this.#isOpen;
    this.#more.textContent = this.#isOpen ? "Only what is drawn" : `${rest} more`;
    this.#more.setAttribute("aria-expanded", String(this.#isOpen));
    this.element.dataset["open"] = String(this.#isOpen);
    this.#rows.forEach(({ button }, index) => {
      const matches = (this.#channels[index]?.name ?? "").toLowerCase().includes(wanted);
      (button.parentElement as HTMLElement).hidden = !(this.#isOpen ? matches : this.#chosen.includes(index));
    });
  }
}
