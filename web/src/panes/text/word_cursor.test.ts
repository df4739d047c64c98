import { describe, expect, it } from "vitest";
import { Offsets } from "../../base/text";
import type { Row } from "./rows";
import { cursorAt, moved, widened } from "./word_cursor";

function row(text: string): Row {
  return { element: {}, block: { offsets: new Offsets(text) } } as unknown as Row;
}
const rows = [row("The red 🚗 stops."), row("אדום מאוד"), row("end")];
const said = ({ row: { block }, units }: ReturnType<typeof cursorAt>) => block.offsets.text.slice(...units);

describe("the word cursor", () => {
  it("walks from word to word and into the next line, leftwards in right-to-left writing", () => {
    const [first, second] = rows as [Row, Row, Row];
    let cursor = cursorAt({ row: first, unit: 0 });
    const walk = [said(cursor)];
    for (let step = 0; step < 3; step += 1) {
      cursor = moved(rows, cursor, 1);
      walk.push(said(cursor));
    }
    expect(walk).toEqual(["The", "red", "stops", "אדום"]);
    expect(said(moved(rows, cursor, -1))).toBe("מאוד");
    expect(said(moved(rows, moved(rows, cursor, -1), -1))).toBe("end");
    expect(said(moved(rows, cursorAt({ row: second, unit: 0 }), 1))).toBe("stops");
  });

  it("widens over words and back, never to nothing", () => {
    const cursor = cursorAt({ row: rows[0] as Row, unit: 4 });
    const wide = widened(cursor, 1);
    expect(said(wide)).toBe("red 🚗 stops");
    expect(said(widened(wide, -1))).toBe("red");
    expect(said(widened(cursor, -1))).toBe("red");
  });
});
