"""The pictures of the vision-language demo, and where the things in them stand."""

from __future__ import annotations

from dataclasses import dataclass

from braid.demo.drawing import Canvas, Rect, shade


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG and the rectangle of each thing in it, by name, in pixels."""

    jpeg: bytes
    things: dict[str, Rect]


WIDTH, HEIGHT = 1280, 853


def street() -> Picture:
    """A man walks a dog past a parked red car; a bicycle leans against a tree."""
    canvas = Canvas(WIDTH, HEIGHT, top=(126, 170, 214), bottom=(238, 222, 198))
    _houses(canvas)
    canvas.rect(Rect(x0=0, y0=600, x1=WIDTH, y1=690), (178, 172, 164))
    canvas.rect(Rect(x0=0, y0=684, x1=WIDTH, y1=HEIGHT), (92, 94, 102))
    for x in range(40, WIDTH, 190):
        canvas.rect(Rect(x0=x, y0=770, x1=x + 96, y1=778), (214, 208, 190))
    tree = Rect(x0=918, y0=196, x1=1158, y1=640)
    _tree(canvas, tree)
    bicycle = Rect(x0=968, y0=530, x1=1144, y1=648)
    _bicycle(canvas, bicycle)
    car = Rect(x0=96, y0=500, x1=560, y1=716)
    _car(canvas, car)
    man = Rect(x0=640, y0=300, x1=762, y1=704)
    _man(canvas, man)
    dog = Rect(x0=800, y0=586, x1=936, y1=704)
    _dog(canvas, dog)
    canvas.line([(748, 520), (790, 580), (826, 622)], (70, 52, 44), width=3)
    shirt = Rect(x0=648, y0=374, x1=756, y1=532)
    return Picture(
        jpeg=canvas.jpeg(),
        things={"car": car, "man": man, "shirt": shirt, "dog": dog, "tree": tree, "bicycle": bicycle},
    )


def harbour() -> Picture:
    """A white sailing boat before a striped lighthouse, two gulls above."""
    canvas = Canvas(WIDTH, HEIGHT, top=(244, 190, 142), bottom=(250, 226, 190))
    canvas.ellipse(Rect(x0=880, y0=240, x1=1000, y1=360), (255, 240, 208))
    canvas.polygon(
        [(0, 520), (260, 430), (520, 500), (760, 450), (1280, 520), (1280, 560), (0, 560)], (136, 128, 152)
    )
    canvas.rect(Rect(x0=0, y0=548, x1=WIDTH, y1=HEIGHT), (62, 104, 136))
    for row in range(9):
        y = 566 + row * 32
        for x in range(-60 + (row % 3) * 50, WIDTH, 170):
            canvas.rect(Rect(x0=x, y0=y, x1=x + 70 + row * 4, y1=y + 4), (92, 136, 164), radius=2)
    lighthouse = Rect(x0=1010, y0=150, x1=1120, y1=560)
    _lighthouse(canvas, lighthouse)
    boat = Rect(x0=300, y0=210, x1=640, y1=690)
    _boat(canvas, boat)
    gulls = [Rect(x0=500, y0=110, x1=584, y1=146), Rect(x0=660, y0=170, x1=730, y1=202)]
    for gull in gulls:
        middle, reach = (gull.x0 + gull.x1) / 2, gull.x1 - gull.x0
        canvas.arc(
            Rect(x0=gull.x0, y0=gull.y0, x1=middle, y1=gull.y1 + 20),
            start=190,
            end=340,
            colour=(250, 250, 250),
            width=6,
        )
        canvas.arc(
            Rect(x0=middle, y0=gull.y0, x1=gull.x0 + reach, y1=gull.y1 + 20),
            start=200,
            end=350,
            colour=(250, 250, 250),
            width=6,
        )
    return Picture(
        jpeg=canvas.jpeg(),
        things={"boat": boat, "lighthouse": lighthouse, "gull-1": gulls[0], "gull-2": gulls[1]},
    )


def _houses(canvas: Canvas) -> None:
    walls = [(206, 152, 120), (222, 196, 150), (164, 172, 178), (196, 132, 116), (216, 206, 186)]
    for index, wall in enumerate(walls):
        x0, top = index * 262 - 20, 150 + (index * 67) % 120
        canvas.rect(Rect(x0=x0, y0=top, x1=x0 + 256, y1=610), wall)
        canvas.rect(Rect(x0=x0, y0=top, x1=x0 + 256, y1=top + 14), shade(wall, 0.8))
        for row in range(4):
            for column in range(3):
                x, y = x0 + 34 + column * 74, top + 44 + row * 96
                canvas.rect(Rect(x0=x - 4, y0=y - 4, x1=x + 44, y1=y + 60), shade(wall, 1.12))
                canvas.rect(Rect(x0=x, y0=y, x1=x + 40, y1=y + 56), (84, 104, 126))
                canvas.polygon([(x, y + 56), (x + 26, y), (x + 40, y), (x + 14, y + 56)], (108, 130, 152))


def _car(canvas: Canvas, area: Rect) -> None:
    red = (200, 44, 40)
    width, height = area.x1 - area.x0, area.y1 - area.y0

    def at(x: float, y: float) -> tuple[float, float]:
        return area.x0 + x * width, area.y0 + y * height

    canvas.shadow(Rect(x0=area.x0 - 8, y0=area.y1 - 26, x1=area.x1 + 8, y1=area.y1 + 14))
    canvas.polygon([at(0.2, 0.42), at(0.33, 0.0), at(0.72, 0.0), at(0.86, 0.42)], shade(red, 0.92))
    canvas.polygon([at(0.25, 0.42), at(0.36, 0.08), at(0.51, 0.08), at(0.51, 0.42)], (60, 76, 94))
    canvas.polygon([at(0.54, 0.42), at(0.54, 0.08), at(0.7, 0.08), at(0.8, 0.42)], (60, 76, 94))
    canvas.polygon([at(0.28, 0.42), at(0.38, 0.08), at(0.43, 0.08), at(0.33, 0.42)], (98, 118, 138))
    body = [at(0.0, 0.52), at(0.06, 0.42), at(0.94, 0.4), at(1.0, 0.52), at(1.0, 0.84), at(0.0, 0.84)]
    canvas.polygon(body, red)
    canvas.polygon([at(0.0, 0.72), at(1.0, 0.72), at(1.0, 0.86), at(0.0, 0.86)], shade(red, 0.72))
    canvas.line([at(0.52, 0.43), at(0.52, 0.84)], shade(red, 0.7), width=2)
    canvas.rect(
        Rect(x0=at(0.56, 0)[0], y0=at(0, 0.52)[1], x1=at(0.61, 0)[0], y1=at(0, 0.55)[1]),
        shade(red, 0.6),
        radius=2,
    )
    canvas.ellipse(
        Rect(x0=at(0.93, 0)[0], y0=at(0, 0.5)[1], x1=at(0.995, 0)[0], y1=at(0, 0.66)[1]), (250, 236, 190)
    )
    for centre in (0.2, 0.79):
        x, _ = at(centre, 0)
        radius = height * 0.235
        y = area.y1 - radius
        canvas.ellipse(Rect(x0=x - radius, y0=y - radius, x1=x + radius, y1=y + radius), (32, 32, 38))
        canvas.ellipse(
            Rect(x0=x - radius * 0.55, y0=y - radius * 0.55, x1=x + radius * 0.55, y1=y + radius * 0.55),
            (168, 170, 176),
        )
        canvas.ellipse(Rect(x0=x - 6, y0=y - 6, x1=x + 6, y1=y + 6), (70, 70, 78))


def _man(canvas: Canvas, area: Rect) -> None:
    skin, shirt, trousers = (214, 168, 134), (52, 98, 176), (58, 56, 66)
    canvas.shadow(Rect(x0=area.x0 - 10, y0=area.y1 - 16, x1=area.x1 + 10, y1=area.y1 + 10))
    middle = (area.x0 + area.x1) / 2
    canvas.polygon([(middle - 34, 520), (middle + 2, 520), (middle - 16, 690), (middle - 48, 690)], trousers)
    canvas.polygon(
        [(middle - 2, 520), (middle + 36, 520), (middle + 50, 690), (middle + 18, 690)], shade(trousers, 0.85)
    )
    canvas.rect(Rect(x0=middle - 60, y0=684, x1=middle - 12, y1=704), (40, 32, 30), radius=8)
    canvas.rect(Rect(x0=middle + 14, y0=684, x1=middle + 61, y1=704), (40, 32, 30), radius=8)
    canvas.line([(middle + 36, 396), (middle + 52, 460), (middle + 48, 520)], shade(shirt, 0.85), width=22)
    canvas.ellipse(Rect(x0=middle + 38, y0=510, x1=middle + 60, y1=534), skin)
    canvas.rect(Rect(x0=middle - 44, y0=374, x1=middle + 44, y1=530), shirt, radius=22)
    canvas.line([(middle - 36, 396), (middle - 50, 458), (middle - 40, 512)], shade(shirt, 0.8), width=22)
    canvas.ellipse(Rect(x0=middle - 54, y0=502, x1=middle - 32, y1=526), skin)
    canvas.rect(Rect(x0=middle - 12, y0=352, x1=middle + 12, y1=386), shade(skin, 0.9), radius=6)
    canvas.ellipse(Rect(x0=middle - 30, y0=304, x1=middle + 32, y1=370), skin)
    canvas.polygon(
        [
            (middle - 32, 332),
            (middle - 26, 302),
            (middle + 6, 298),
            (middle + 34, 312),
            (middle + 30, 330),
            (middle - 6, 318),
        ],
        (58, 40, 32),
    )


def _dog(canvas: Canvas, area: Rect) -> None:
    coat = (142, 96, 58)
    canvas.shadow(Rect(x0=area.x0, y0=area.y1 - 12, x1=area.x1, y1=area.y1 + 8))
    for x in (20, 40, 92, 108):
        canvas.rect(
            Rect(x0=area.x0 + x, y0=area.y0 + 70, x1=area.x0 + x + 13, y1=area.y1),
            shade(coat, 0.82),
            radius=5,
        )
    canvas.line(
        [(area.x0 + 118, area.y0 + 50), (area.x0 + 130, area.y0 + 26), (area.x0 + 132, area.y0 + 10)],
        coat,
        width=9,
    )
    canvas.ellipse(Rect(x0=area.x0 + 14, y0=area.y0 + 36, x1=area.x0 + 126, y1=area.y0 + 92), coat)
    canvas.ellipse(Rect(x0=area.x0 + 2, y0=area.y0 + 8, x1=area.x0 + 56, y1=area.y0 + 58), shade(coat, 1.08))
    canvas.ellipse(Rect(x0=area.x0 - 2, y0=area.y0 + 30, x1=area.x0 + 26, y1=area.y0 + 52), shade(coat, 1.2))
    canvas.polygon(
        [(area.x0 + 34, area.y0 + 8), (area.x0 + 56, area.y0), (area.x0 + 58, area.y0 + 34)], shade(coat, 0.7)
    )
    canvas.ellipse(Rect(x0=area.x0 + 20, y0=area.y0 + 22, x1=area.x0 + 27, y1=area.y0 + 29), (24, 18, 16))
    canvas.ellipse(Rect(x0=area.x0 - 2, y0=area.y0 + 34, x1=area.x0 + 8, y1=area.y0 + 42), (24, 18, 16))


def _tree(canvas: Canvas, area: Rect) -> None:
    middle = (area.x0 + area.x1) / 2
    canvas.polygon(
        [(middle - 20, area.y1), (middle - 12, 380), (middle + 14, 380), (middle + 24, area.y1)], (96, 70, 52)
    )
    for dx, dy, radius, light in (
        (-58, 120, 64, 0.85),
        (56, 130, 64, 0.9),
        (0, 74, 78, 1.0),
        (-22, 176, 70, 0.95),
        (34, 190, 62, 0.8),
        (8, 130, 60, 1.12),
    ):
        x, y = middle + dx, area.y0 + dy
        canvas.ellipse(
            Rect(x0=x - radius, y0=y - radius, x1=x + radius, y1=y + radius), shade((86, 134, 72), light)
        )


def _bicycle(canvas: Canvas, area: Rect) -> None:
    radius = (area.y1 - area.y0) * 0.36
    back, front, ground = area.x0 + radius, area.x1 - radius, area.y1 - radius
    for x in (back, front):
        canvas.arc(
            Rect(x0=x - radius, y0=ground - radius, x1=x + radius, y1=ground + radius),
            start=0,
            end=360,
            colour=(30, 32, 38),
            width=5,
        )
        canvas.line([(x - radius, ground), (x + radius, ground)], (120, 122, 128), width=1)
        canvas.line([(x, ground - radius), (x, ground + radius)], (120, 122, 128), width=1)
    frame = (226, 178, 60)
    pedal, saddle, bar = (
        ((back + front) / 2 - 6, ground),
        (back + 26, area.y0 + 22),
        (front - 14, area.y0 + 12),
    )
    canvas.line([(back, ground), pedal, (front - 10, area.y0 + 30), saddle, (back, ground)], frame, width=5)
    canvas.line([saddle, pedal], frame, width=5)
    canvas.line([bar, (front, ground)], frame, width=5)
    canvas.line([(bar[0] - 20, area.y0 + 4), bar, (bar[0] + 8, area.y0 + 4)], (40, 40, 46), width=5)
    canvas.rect(
        Rect(x0=saddle[0] - 16, y0=area.y0 + 14, x1=saddle[0] + 14, y1=area.y0 + 22), (40, 40, 46), radius=4
    )


def _lighthouse(canvas: Canvas, area: Rect) -> None:
    middle, bands = (area.x0 + area.x1) / 2, 6
    top, height = area.y0 + 78, area.y1 - area.y0 - 78
    for band in range(bands):
        y0, y1 = top + height * band / bands, top + height * (band + 1) / bands
        w0, w1 = 32 + 20 * band / bands, 32 + 20 * (band + 1) / bands
        colour = (206, 66, 58) if band % 2 else (244, 240, 232)
        canvas.polygon([(middle - w0, y0), (middle + w0, y0), (middle + w1, y1), (middle - w1, y1)], colour)
        canvas.polygon(
            [(middle + w0 * 0.4, y0), (middle + w0, y0), (middle + w1, y1), (middle + w1 * 0.4, y1)],
            shade(colour, 0.86),
        )
    canvas.rect(Rect(x0=middle - 42, y0=top - 10, x1=middle + 42, y1=top + 4), (66, 62, 72))
    canvas.rect(Rect(x0=middle - 22, y0=top - 52, x1=middle + 22, y1=top - 10), (255, 230, 150))
    canvas.polygon([(middle - 30, top - 50), (middle, area.y0), (middle + 30, top - 50)], (206, 66, 58))


def _boat(canvas: Canvas, area: Rect) -> None:
    mast = area.x0 + 180
    canvas.line([(mast, area.y0), (mast, 620)], (110, 84, 62), width=8)
    canvas.polygon([(mast + 8, area.y0 + 14), (mast + 8, 590), (area.x1 - 12, 590)], (250, 248, 240))
    canvas.polygon([(mast - 8, area.y0 + 40), (mast - 8, 590), (area.x0 + 26, 590)], (232, 226, 216))
    canvas.polygon(
        [(area.x0, 614), (area.x1, 614), (area.x1 - 52, area.y1), (area.x0 + 48, area.y1)], (246, 246, 248)
    )
    canvas.polygon(
        [(area.x0 + 8, 632), (area.x1 - 14, 632), (area.x1 - 24, 648), (area.x0 + 18, 648)], (46, 92, 150)
    )
