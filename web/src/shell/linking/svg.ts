/** The SVG nodes of a line, a bundle or a stub. */
import { curve, type Drawn, type Point, type StrandKind } from "./strands";

export function nodesOf(drawn: Drawn, selection: ReadonlySet<string>): SVGElement[] {
  if (drawn.shape === "stub") {
    const [x, y] = drawn.at;
    const line = make("path", { d: `M${x} ${y} H${x + 16}`, class: `link-line link-line-${drawn.kind}` });
    return [line, badge([x + 24, y], drawn.count, drawn.kind)];
  }
  const { path, middle } = curve(drawn.ends);
  const isBundle = drawn.shape === "bundle";
  const weight = isBundle ? " link-line-many" : selection.has(drawn.id) ? " link-line-chosen" : "";
  const nodes = [
    make("path", { d: path, class: `link-line-back${isBundle ? " link-line-many" : ""}` }),
    make("path", { d: path, class: `link-line link-line-${drawn.kind}${weight}` }),
    ...drawn.ends.map(([cx, cy]) => make("circle", { cx, cy, r: 3.5, class: `link-dot link-dot-${drawn.kind}` })),
    make("path", { d: path, class: "link-hit", [isBundle ? "data-bundle" : "data-link"]: drawn.id }),
  ];
  if (isBundle) nodes.push(badge(middle, drawn.count, drawn.kind, drawn.id));
  else if (drawn.label !== "") nodes.push(label(middle, drawn.label, drawn.kind, drawn.id));
  return nodes;
}

const GLYPH: Readonly<Record<StrandKind, string>> = { sound: "", suspect: "⚠ ", failed: "✕ ", proposed: "? " };

function badge([x, y]: Point, count: number, kind: StrandKind, bundle = ""): SVGElement {
  const group = make("g", {
    class: `link-badge link-badge-${kind}`,
    ...(bundle === "" ? {} : { "data-bundle": bundle }),
  });
  const words = `${GLYPH[kind]}${count}`;
  group.append(...plate([x, y], words));
  return group;
}

function label([x, y]: Point, words: string, kind: StrandKind, link: string): SVGElement {
  const group = make("g", { class: `link-badge link-badge-${kind}`, "data-link": link });
  group.append(...plate([x, y], `${GLYPH[kind]}${words}`));
  return group;
}

/** A plate as wide as its words, by the width of an average letter. */
function plate([x, y]: Point, words: string): SVGElement[] {
  const width = Math.max(18, words.length * 6 + 10);
  const back = make("rect", { x: x - width / 2, y: y - 8, width, height: 16, rx: 8 });
  const text = make("text", { x, y: y + 3.5, "text-anchor": "middle" });
  text.textContent = words;
  return [back, text];
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
