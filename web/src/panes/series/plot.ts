/** The curves, drawn by uPlot: a band between min and max per channel, one scale per unit. */
import type uPlot from "uplot";
import type { Tokens } from "../../base/tokens";
import type { BandBox } from "../shared/span_bands";
import { clockText, placesFor, roundStep } from "../shared/time_axis";
import { aligned, type SeriesChannel } from "./series_window";

export class Plot {
  readonly #plot: uPlot;

  constructor(
    Library: typeof uPlot,
    host: HTMLElement,
    channels: readonly SeriesChannel[],
    tokens: Tokens,
    size: { readonly width: number; readonly height: number },
    xRange: () => [number, number],
  ) {
    const units = [...new Set(channels.map((channel) => channel.unit))];
    const colourOf = (index: number) => tokens.classes[index % tokens.classes.length] ?? tokens.accent;
    const curve = (channel: SeriesChannel, index: number): uPlot.Series => ({
      scale: scaleOf(channel.unit),
      stroke: colourOf(index),
      width: 1.5,
      spanGaps: true,
      points: { size: 5, fill: colourOf(index) },
    });
    const series = channels.flatMap((channel, index) => [curve(channel, index), curve(channel, index)]);
    this.#plot = new Library(
      {
        ...size,
        padding: [6, 8, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: xRange },
          ...Object.fromEntries(units.map((unit) => [scaleOf(unit), { range: roomyRange }])),
        },
        axes: [timeAxis(tokens), ...units.slice(0, 2).map((unit, index) => valueAxis(tokens, unit, index))],
        series: [{}, ...series],
        bands: channels.map((_, index) => ({
          series: [2 + index * 2, 1 + index * 2] as [number, number],
          fill: `${colourOf(index)}55`,
        })),
      },
      [[], ...series.map(() => [])] as unknown as uPlot.AlignedData,
      host,
    );
  }

  setData(channels: readonly SeriesChannel[], toSeconds: (media_ns: number) => number): void {
    this.#plot.setData(aligned(channels, toSeconds) as unknown as uPlot.AlignedData);
  }

  showWindow(from_s: number, to_s: number): void {
    this.#plot.setScale("x", { min: from_s, max: to_s });
  }

  resize(width: number, height: number): void {
    this.#plot.setSize({ width, height });
  }

  /** The plotting area in CSS pixels of the host. */
  get box(): BandBox {
    const ratio = globalThis.devicePixelRatio || 1;
    const { left, top, width, height } = this.#plot.bbox;
    return { left_px: left / ratio, top_px: top / ratio, width_px: width / ratio, height_px: height / ratio };
  }

  dispose(): void {
    this.#plot.destroy();
  }
}

/** uPlot keeps "x" for time; a unit may be empty. */
function scaleOf(unit: string): string {
  return `unit:${unit}`;
}

function timeAxis(tokens: Tokens): uPlot.Axis {
  return {
    stroke: tokens.foreground[2],
    font: `10px ${tokens.font}`,
    size: 26,
    grid: { stroke: tokens.line, width: 1 },
    ticks: { stroke: tokens.line, width: 1 },
    values: (_plot, seconds) => {
      const places = placesFor(roundStep(((seconds[1] ?? 1) - (seconds[0] ?? 0)) * 1e9));
      return seconds.map((value) => clockText(Math.round(value * 1e9), places));
    },
  };
}

function valueAxis(tokens: Tokens, unit: string, index: number): uPlot.Axis {
  return {
    scale: scaleOf(unit),
    side: index === 0 ? 3 : 1,
    label: unit,
    labelSize: unit === "" ? 0 : 16,
    labelFont: `10px ${tokens.font}`,
    font: `10px ${tokens.font}`,
    size: (_plot, values) => Math.max(46, 14 + 6 * Math.max(0, ...(values ?? []).map((text) => text.length))),
    stroke: tokens.foreground[2],
    grid: { show: index === 0, stroke: tokens.line, width: 1 },
    ticks: { stroke: tokens.line, width: 1 },
  };
}

/** A flat line still gets some room. */
function roomyRange(_plot: uPlot, low: number | null, high: number | null): [number, number] {
  const [from, to] = [low ?? 0, high ?? 1];
  const room = to > from ? (to - from) * 0.08 : Math.max(1, Math.abs(to) * 0.1);
  return [from - room, to + room];
}
