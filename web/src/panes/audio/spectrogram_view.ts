/** Draws a spectrogram from tiles that it fetches as they are needed; a coarser tile stands in until then. */
import type { Tokens } from "../../base/tokens";
import type { Stream } from "../../model/records";
import type { PaneContext } from "../pane";
import type { TimeAxis } from "../shared/time_axis";
import {
  bytesOf,
  levelFor,
  paletteBetween,
  pixelsOf,
  type SpectrogramHeader,
  spanOf,
  type Tile,
  tilesOf,
} from "./spectrogram";

const KEPT_TILES = 160;

export class SpectrogramView {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #changed: () => void;
  readonly #tiles = new Map<string, HTMLCanvasElement | "coming">();
  #header: SpectrogramHeader | null = null;
  #palette: Uint32Array | null = null;
  problem = "";

  /** `changed` is called when there is more to draw. */
  constructor(stream: Stream, context: PaneContext, changed: () => void) {
    this.#stream = stream;
    this.#context = context;
    this.#changed = changed;
    void this.#load();
  }

  get header(): SpectrogramHeader | null {
    return this.#header;
  }

  async #load(): Promise<void> {
    try {
      this.#header = await this.#context.api.streamJson<SpectrogramHeader>(this.#stream.id, "spectrogram");
    } catch (error) {
      this.problem = `No spectrogram: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#changed();
  }

  draw(
    canvas: CanvasRenderingContext2D,
    tokens: Tokens,
    axis: TimeAxis,
    width: number,
    top: number,
    bottom: number,
  ): void {
    const header = this.#header;
    if (header === null || bottom <= top) return;
    this.#palette ??= paletteBetween(rgbOf(canvas, tokens.background[1]), rgbOf(canvas, tokens.foreground[0]));
    const { playhead } = this.#context;
    const [from_ns, to_ns] = [0, width].map((x) => playhead.toMedia(this.#stream.id, axis.nsAt(x)));
    if (from_ns === undefined || to_ns === undefined) return;
    const level = levelFor(header, (to_ns - from_ns) / Math.max(1, width));
    canvas.imageSmoothingEnabled = true;
    for (const tile of tilesOf(header, level, from_ns, to_ns)) {
      const drawn = this.#picture(header, tile);
      if (drawn !== null) this.#put(canvas, drawn, spanOf(header, tile), axis, top, bottom);
      else this.#standIn(canvas, header, tile, axis, top, bottom);
    }
  }

  /** Other colours: the tiles are painted anew. */
  repaint(): void {
    this.#palette = null;
    this.#tiles.clear();
  }

  dispose(): void {
    this.#tiles.clear();
  }

  /** Another theme has other colours: all tiles are painted again. */
  forgetColours(): void {
    this.#palette = null;
    this.#tiles.clear();
    this.#changed();
  }

  /** The coarsest level is one tile; its part is stretched over a tile that is still coming. */
  #standIn(
    canvas: CanvasRenderingContext2D,
    header: SpectrogramHeader,
    tile: Tile,
    axis: TimeAxis,
    top: number,
    bottom: number,
  ): void {
    const [start_ns, end_ns] = spanOf(header, tile);
    for (const coarse of tilesOf(header, header.levels.length - 1, start_ns, end_ns)) {
      const picture = this.#picture(header, coarse);
      if (picture === null) continue;
      canvas.save();
      canvas.beginPath();
      const [x0, x1] = [this.#x(axis, start_ns), this.#x(axis, end_ns)];
      canvas.rect(x0, top, x1 - x0, bottom - top);
      canvas.clip();
      this.#put(canvas, picture, spanOf(header, coarse), axis, top, bottom);
      canvas.restore();
    }
  }

  #put(
    canvas: CanvasRenderingContext2D,
    picture: HTMLCanvasElement,
    [start_ns, end_ns]: readonly [number, number],
    axis: TimeAxis,
    top: number,
    bottom: number,
  ): void {
    const [x0, x1] = [this.#x(axis, start_ns), this.#x(axis, end_ns)];
    canvas.drawImage(picture, x0, top, x1 - x0, bottom - top);
  }

  #x(axis: TimeAxis, media_ns: number): number {
    return axis.xOf(this.#context.playhead.toTimeline(this.#stream.id, Math.round(media_ns)));
  }

  #picture(header: SpectrogramHeader, tile: Tile): HTMLCanvasElement | null {
    const key = `${tile.level}/${tile.first}`;
    const held = this.#tiles.get(key);
    if (held === "coming") return null;
    if (held !== undefined) {
      this.#tiles.delete(key);
      this.#tiles.set(key, held);
      return held;
    }
    this.#tiles.set(key, "coming");
    void this.#fetch(header, tile, key);
    return null;
  }

  async #fetch(header: SpectrogramHeader, tile: Tile, key: string): Promise<void> {
    const [first, last] = bytesOf(header, tile);
    try {
      const response = await fetch(this.#context.api.streamUrl(this.#stream.id, "spectrogram.bin"), {
        headers: { Range: `bytes=${first}-${last}` },
      });
      if (response.status !== 206) throw new Error(`the server answered ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const palette = this.#palette;
      if (this.#tiles.get(key) !== "coming" || palette === null) return;
      this.#tiles.set(key, painted(bytes, header.bands, tile.count, palette));
      for (const old of this.#tiles.keys()) {
        if (this.#tiles.size <= KEPT_TILES) break;
        this.#tiles.delete(old);
      }
    } catch (error) {
      this.#tiles.delete(key);
      this.problem = `No spectrogram: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#changed();
  }
}

function painted(bytes: Uint8Array, bands: number, columns: number, palette: Uint32Array): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = bands;
  canvas.getContext("2d")?.putImageData(new ImageData(pixelsOf(bytes, bands, columns, palette), columns, bands), 0, 0);
  return canvas;
}

/** The red, green and blue of a CSS colour, as the canvas understands it. */
function rgbOf(canvas: CanvasRenderingContext2D, colour: string): readonly number[] {
  canvas.save();
  canvas.fillStyle = colour;
  const hex = String(canvas.fillStyle);
  canvas.restore();
  const parts = /^#(..)(..)(..)/.exec(hex);
  return parts === null ? [128, 128, 128] : parts.slice(1, 4).map((part) => Number.parseInt(part, 16));
}
