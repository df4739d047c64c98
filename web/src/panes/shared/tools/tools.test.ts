/** Tools without a screen: what a gesture makes of a sample. */
import { describe, expect, it } from "vitest";
import type { Annotation, Ontology, Point, Polygon, Shape } from "../../../model/records";
import { signedArea } from "../../../model/shapes/rings";
import { LAYER, SAMPLE, sampleView, versioned } from "../../../store/testing/sample";
import { createWorkspaceStore } from "../../../store/workspace";
import { cutAnnotations } from "./cutting";
import { KeypointsTool } from "./keypoints_tool";
import { LineTool } from "./line_tool";
import { toolChoicesOf } from "./options";
import { RotatedTool } from "./rotated_tool";
import { ShapeEditor } from "./shape_editor";
import type { At, Surface } from "./surface";

const IMAGE = "00000000-0000-7000-8000-000000000002";
const SQUARE = "00000000-0000-7000-8000-000000000031";

const ONTOLOGY: Ontology = {
  kind: "ontology",
  id: "00000000-0000-7000-8000-000000000021",
  version: 1,
  classes: [
    { id: "animal", name: "Animal", skeleton: ["nose", "tail", "paw"], regions: ["polygon", "keypoints"] },
    { id: "dog", name: "Dog", parent: "animal", regions: ["polygon", "keypoints"] },
  ],
};

const square: Polygon = {
  type: "polygon",
  rings_px: [
    [
      [20, 20],
      [60, 20],
      [60, 60],
      [20, 60],
    ],
  ],
};

function bench(shapes: readonly Shape[] = []) {
  const store = createWorkspaceStore();
  const records = shapes.map((region, place): Annotation => {
    const id = SQUARE.slice(0, -1) + String(place + 1);
    return { kind: "annotation", id, sample: SAMPLE, stream: IMAGE, layer: LAYER, class_id: "dog", region };
  });
  store.feed.setOntology(ONTOLOGY);
  store.feed.load({ ...sampleView(), annotations: records.map((record) => versioned(record)) });
  store.actions.setActiveClass("dog");
  const made: Shape[] = [];
  const said: string[] = [];
  const shown = () => [...(store.getState().sample?.annotations.values() ?? [])].map(({ record }) => record);
  const surface = {
    context: { store, announce: (text: string) => said.push(text) },
    size: { widthPx: 200, heightPx: 100 },
    view: { scale: 2, x: 0, y: 0 },
    shown,
    near: shown,
    create: (shape: Shape) => made.push(shape),
    reshape: (id: string, shape: Shape) => store.actions.updateRegion(id, shape),
    redraw: () => {},
  } as unknown as Surface;
  return { store, surface, made, said };
}

const at = (x: number, y: number, more: Partial<At> = {}): At => ({ x, y, shift: false, alt: false, ...more });

function click(tool: { down(at: At): void; up(at: At): void }, x: number, y: number, more: Partial<At> = {}): void {
  tool.down(at(x, y, more));
  tool.up(at(x, y, more));
}

describe("the polygon tool", () => {
  it("closes on its first point, and takes points back", () => {
    const { surface, made } = bench();
    const tool = new LineTool(surface, "polygon");
    for (const [x, y] of [
      [10, 10],
      [50, 10],
      [90, 90],
    ] as const) {
      click(tool, x, y);
    }
    tool.takeBack();
    click(tool, 50, 50);
    click(tool, 11, 11);
    expect(made).toEqual([
      {
        type: "polygon",
        rings_px: [
          [
            [10, 10],
            [50, 10],
            [50, 50],
          ],
        ],
      },
    ]);
    expect(tool.isBusy).toBe(false);
  });

  it("makes nothing of two points, and stays in the picture", () => {
    const { surface, made, said } = bench();
    const tool = new LineTool(surface, "polygon");
    click(tool, -30, 10);
    click(tool, 50, 400);
    tool.finish();
    expect(made).toEqual([]);
    expect(said).toEqual(["A polygon needs three points"]);
    click(tool, 50, 10);
    tool.finish();
    expect(made[0]).toEqual({
      type: "polygon",
      rings_px: [
        [
          [0, 10],
          [50, 100],
          [50, 10],
        ],
      ],
    });
  });

  it("simplifies what is drawn freehand", () => {
    const { surface, made } = bench();
    const tool = new LineTool(surface, "polygon");
    const circle = Array.from({ length: 120 }, (_, place): Point => {
      const turn = (place / 119) * 2 * Math.PI;
      return [80 + 40 * Math.cos(turn), 50 + 40 * Math.sin(turn)];
    });
    tool.down(at(120, 50));
    for (const [x, y] of circle) tool.move(at(x, y), true);
    tool.up(at(120, 50));
    const ring = made[0]?.type === "polygon" ? (made[0].rings_px[0] ?? []) : [];
    expect(ring.length).toBeGreaterThan(8);
    expect(ring.length).toBeLessThan(40);
    expect(Math.abs(signedArea(ring))).toBeCloseTo(Math.PI * 1600, -3);
  });

  it("snaps to a neighbour's point while Shift is held", () => {
    const { surface, made } = bench([square]);
    const tool = new LineTool(surface, "polyline");
    click(tool, 62, 22, { shift: true });
    click(tool, 100, 22);
    tool.finish();
    expect(made[0]).toEqual({
      type: "polyline",
      points_px: [
        [60, 20],
        [100, 22],
      ],
    });
  });
});

describe("cutting", () => {
  it("is one change set, keeps the larger part's id, and is undone at once", () => {
    const { store } = bench([square]);
    const line: readonly Point[] = [
      [30, 0],
      [30, 90],
    ];
    expect(cutAnnotations(store, [SQUARE], line)).toBe(1);
    const after = [...(store.getState().sample?.annotations.values() ?? [])].map(({ record }) => record);
    expect(after).toHaveLength(2);
    const areas = after.map(({ id, class_id, region }) => {
      const area = region.type === "polygon" ? Math.abs(signedArea(region.rings_px[0] ?? [])) : 0;
      return [id === SQUARE, class_id, area];
    });
    expect(areas).toEqual([
      [true, "dog", 1200],
      [false, "dog", 400],
    ]);
    expect(store.getState().selection.size).toBe(2);
    store.actions.undo();
    expect([...(store.getState().sample?.annotations.values() ?? [])].map(({ record }) => record.region)).toEqual([
      square,
    ]);
  });

  it("leaves what the line misses", () => {
    const { store } = bench([square]);
    const miss: readonly Point[] = [
      [5, 0],
      [5, 90],
    ];
    expect(cutAnnotations(store, [SQUARE], miss)).toBe(0);
    expect(store.getState().undoStack).toEqual([]);
  });
});

describe("the key point tool", () => {
  it("goes through the inherited skeleton and ends by itself", () => {
    const { surface, store, made, said } = bench();
    const tool = new KeypointsTool(surface);
    click(tool, 10, 10);
    toolChoicesOf(store).set({ nextIsHidden: true });
    click(tool, 20, 20);
    expect(tool.run("joint.absent")).toBe(true);
    expect(made).toEqual([
      {
        type: "keypoints",
        points: [
          { name: "nose", x_px: 10, y_px: 10, visibility: 2 },
          { name: "tail", x_px: 20, y_px: 20, visibility: 1 },
          { name: "paw", x_px: 0, y_px: 0, visibility: 0 },
        ],
      },
    ]);
    expect(said).toEqual(["Next: tail", "Next: paw"]);
    expect(toolChoicesOf(store).now.nextIsHidden).toBe(false);
  });
});

describe("the rotated box tool", () => {
  it("takes a side, then a depth", () => {
    const { surface, made } = bench();
    const tool = new RotatedTool(surface);
    tool.down(at(10, 10));
    tool.move(at(50, 10));
    tool.up();
    tool.move(at(30, 40));
    tool.down(at(30, 40));
    tool.up();
    expect(made).toEqual([{ type: "rotated_box", cx_px: 30, cy_px: 25, width_px: 40, height_px: 30, angle_rad: 0 }]);
  });
});

describe("the editor", () => {
  it("makes one change of a held key, of the whole shape or of a point", () => {
    const { surface, store } = bench([square]);
    const editor = new ShapeEditor(surface);
    store.actions.select([SQUARE]);
    for (let times = 0; times < 5; times += 1) editor.nudge(1, 0);
    expect(store.getState().undoStack).toHaveLength(0);
    editor.release();
    expect(store.getState().undoStack).toHaveLength(1);
    const ring = () => {
      const region = store.getState().sample?.annotations.get(SQUARE)?.record.region;
      return region?.type === "polygon" ? region.rings_px[0] : undefined;
    };
    expect(ring()?.[0]).toEqual([25, 20]);
    expect(editor.walk(1)).toBe(true);
    expect(editor.walk(1)).toBe(true);
    editor.nudge(0, -10);
    editor.release();
    expect(ring()?.[1]).toEqual([65, 10]);
    expect(editor.removeVertex()).toBe(true);
    expect(ring()).toHaveLength(3);
  });

  it("lets the focus go on behind the last point", () => {
    const { surface, store } = bench([square]);
    const editor = new ShapeEditor(surface);
    store.actions.select([SQUARE]);
    expect([1, 2, 3, 4, 5].map(() => editor.walk(1))).toEqual([true, true, true, true, false]);
    expect(editor.activeVertex).toBeNull();
  });

  it("drags a point, inserts on an edge, and leaves an edge that was only clicked", () => {
    const { surface, store } = bench([square]);
    const editor = new ShapeEditor(surface);
    store.actions.select([SQUARE]);
    expect(editor.press(at(40, 20))).toBe(true);
    editor.up();
    expect(store.getState().undoStack).toHaveLength(0);
    editor.press(at(40, 20));
    editor.move(at(40, 10));
    editor.up();
    const region = store.getState().sample?.annotations.get(SQUARE)?.record.region;
    expect(region?.type === "polygon" ? region.rings_px[0]?.slice(0, 3) : null).toEqual([
      [20, 20],
      [40, 10],
      [60, 20],
    ]);
    expect(editor.press(at(150, 90))).toBe(false);
  });
});
