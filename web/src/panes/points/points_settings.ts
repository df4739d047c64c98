/** What of a point pane may be switched: views, colours, sweeps shown together. One bar, the same commands as the keys. */
import { COLOURS, type ColourBy } from "./cloud_scene";
import { LAYOUT_NAMES, LAYOUTS, type Layout } from "./layout";
import { barButton, element } from "./points_dom";

export interface SettingsPorts {
  around(): number;
  setAround(around: number): void;
  hasMany(): boolean;
  /** Something was switched; `said` names it. */
  changed(said: string): void;
}

const COLOUR_NAMES: Readonly<Record<ColourBy, string>> = {
  height: "height",
  intensity: "intensity",
  age: "age",
  class: "class",
};

export class PointsSettings {
  readonly #ports: SettingsPorts;
  readonly #colours = document.createElement("select");
  readonly #count = element("output", "points-count");
  readonly #ride: HTMLButtonElement | null;
  layout: Layout = "four";
  colourBy: ColourBy = "height";
  ghosts = true;
  /** Points of objects in other sweeps are drawn where their object is now. */
  rides = false;

  constructor(bar: HTMLElement, ports: SettingsPorts) {
    this.#ports = ports;
    this.#colours.setAttribute("aria-label", "Colour points by");
    this.#colours.title = "Colour points by (X)";
    for (const by of COLOURS) {
      if (by === "age" && !ports.hasMany()) continue;
      this.#colours.add(new Option(COLOUR_NAMES[by], by));
    }
    this.#colours.addEventListener("change", () => this.#setColour(this.#colours.value as ColourBy));
    if (ports.hasMany()) {
      barButton(bar, "Show one sweep less to either side (Shift+M)", () => this.run("fewer_sweeps")).textContent = "−";
      bar.append(this.#count);
      barButton(bar, "Show one more sweep to either side (M)", () => this.run("more_sweeps")).textContent = "+";
      this.#ride = barButton(bar, "Let points ride on their object (O)", () => this.run("ride"));
      this.#ride.textContent = "ride";
    } else this.#ride = null;
    bar.append(this.#colours);
    barButton(bar, "Other arrangement of the views (Y)", () => this.run("layout")).textContent = "views";
    this.#show();
  }

  /** Does a command of the settings; false for others. */
  run(name: string): boolean {
    if (name === "layout") {
      this.layout = LAYOUTS[(LAYOUTS.indexOf(this.layout) + 1) % LAYOUTS.length] ?? "four";
      this.#changed(`Views: ${LAYOUT_NAMES[this.layout]}`);
    } else if (name === "colour") {
      const offered = [...this.#colours.options].map((option) => option.value as ColourBy);
      this.#setColour(offered[(offered.indexOf(this.colourBy) + 1) % offered.length] ?? "height");
    } else if (name === "ghosts") {
      this.ghosts = !this.ghosts;
      this.#changed(this.ghosts ? "Interpolated cuboids shown" : "Interpolated cuboids hidden");
    } else if (!this.#ports.hasMany()) return false;
    else if (name === "ride") {
      this.rides = !this.rides;
      this.#changed(this.rides ? "Points ride on their object" : "Points stay where they were seen");
    } else if (name === "more_sweeps" || name === "fewer_sweeps") {
      this.#ports.setAround(this.#ports.around() + (name === "more_sweeps" ? 1 : -1));
      this.#changed(`${this.#ports.around()} sweeps to either side`);
    } else return false;
    return true;
  }

  #setColour(by: ColourBy): void {
    this.colourBy = by;
    this.#changed(`Points coloured by ${COLOUR_NAMES[by]}`);
  }

  #changed(said: string): void {
    this.#show();
    this.#ports.changed(said);
  }

  #show(): void {
    this.#colours.value = this.colourBy;
    this.#count.textContent = `±${this.#ports.around()}`;
    this.#count.setAttribute("aria-label", `${this.#ports.around()} sweeps to either side`);
    this.#ride?.setAttribute("aria-pressed", String(this.rides));
  }
}
