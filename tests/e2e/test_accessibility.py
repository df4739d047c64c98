"""axe finds nothing serious on any page of the demo, in either theme."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "/": "h1",
    "/p/street-scenes": "svg.bars",
    "/p/street-scenes/samples": ".sample",
    "/p/street-scenes/samples?view=table": "table.list td",
    "/p/street-scenes/samples?state=accepted": ".empty",
    "/p/city-drive/ontology": ".tree li",
    "/p/city-drive/import": ".formats label",
    "/p/city-drive/settings": "form.fields",
    "/p/street-scenes/s/street-01": "canvas",
    "/p/city-drive/s/crossing-01": "canvas",
    "/p/support-calls/s/call-back-01": "canvas",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, demo: Served, theme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is absent: run `make web-test` once")
    source, found = AXE.read_text(), []
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    for path, sign in PAGES.items():
        page = context.new_page()
        page.goto(demo.address + path)
        page.locator(sign).first.wait_for()
        page.evaluate(source)
        report = page.evaluate("async () => (await axe.run()).violations")
        found += [
            f"{path}: {entry['id']} {entry['nodes'][0]['target']}"
            for entry in report
            if entry["impact"] in {"serious", "critical"}
        ]
        page.close()
    context.close()
    assert found == []
