/** The design tokens for canvases. Pass `getComputedStyle(element)`; read again when the theme changes. */

export interface Tokens {
  readonly background: readonly [string, string, string, string];
  readonly foreground: readonly [string, string, string];
  readonly line: string;
  readonly accent: string;
  readonly suspect: string;
  readonly error: string;
  readonly good: string;
  readonly link: string;
  /** The eight class colours, safe for colour blindness. */
  readonly classes: readonly string[];
  /** Text on a class colour. */
  readonly onClass: string;
  readonly font: string;
}

export function readTokens(style: { getPropertyValue(name: string): string }): Tokens {
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    background: [read("--bg-0"), read("--bg-1"), read("--bg-2"), read("--bg-3")],
    foreground: [read("--fg-0"), read("--fg-1"), read("--fg-2")],
    line: read("--line"),
    accent: read("--accent"),
    suspect: read("--suspect"),
    error: read("--error"),
    good: read("--good"),
    link: read("--link"),
    classes: Array.from({ length: 8 }, (_, index) => read(`--c-${index}`)),
    onClass: read("--on-class"),
    font: read("--font") || "sans-serif",
  };
}
