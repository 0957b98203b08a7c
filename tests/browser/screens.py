"""What every page must withstand: axe without a violation, both schemes, 320 px without a horizontal scroll bar.

`Screens.check(page, "name")` looks at a page as it is, in every state that a test has brought it to. With a folder in
the environment variable `SCREENS`, it also leaves pictures of that state: narrow and wide, light and dark.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from playwright.async_api import Page, Request

AXE: Final = Path(__file__).with_name("axe")
FLAGS: Final = (
    "--headless",
    "--lang=fr",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
)
ENVIRONMENT: Final[dict[str, str | float | bool]] = {**os.environ, "LANGUAGE": "fr"}
"""Chromium speaks French: names of its own buttons."""
CHROMIUM: Final = "/usr/bin/chromium"
NARROWEST: Final = 320
"""CSS pixels at which nothing may be cut or scroll sideways (WCAG 1.4.10)."""
Scheme = Literal["light", "dark"]
WIDTHS: Final = (360, 1280)
HEIGHT: Final = 900
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
EXAMINED: Final[tuple[tuple[int, Scheme], ...]] = ((1280, "light"), (360, "dark"))
"""Where axe looks: both widths and both schemes, in two runs."""
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN: Final = """async ([locale, rules]) => {
  axe.configure({ locale });
  const found = await axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] });
  return found.violations.map((each) => `${each.id} : ${each.help} — ${each.nodes.map((n) => n.target).join(' ; ')}`);
}"""


@dataclass(frozen=True)
class Seen:
    """A page that was examined: its name, how a browser came to it, whether it says that something typed is wrong."""

    name: str
    method: str
    path: str
    erroneous: bool


@dataclass
class Screens:
    """Looks at pages, and keeps pictures of them."""

    folder: Path | None = None
    seen: list[Seen] = field(default_factory=list)
    _methods: dict[Page, str] = field(default_factory=dict, init=False)

    def watch(self, page: Page) -> None:
        """Remember how each page of a window is asked for: the answer to a form may be a page of its own."""

        def asked(request: Request) -> None:
            if request.is_navigation_request() and request.frame == page.main_frame:
                self._methods[page] = request.method

        page.on("request", asked)

    async def check(self, page: Page, name: str) -> None:
        """Assert that a page can be read by anybody, in both schemes, narrow and wide; take its pictures."""
        erroneous = (await page.title()).startswith("Erreur")
        self.seen.append(Seen(name, self._methods.get(page, "GET"), urlsplit(page.url).path, erroneous))
        found = []
        for width, scheme in EXAMINED:
            await _show(page, width, scheme)
            found += [f"{name} {width} {scheme} : {each}" for each in await violations(page)]
        await self._take(page, name)
        await page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        wide = int(await page.evaluate("document.documentElement.scrollWidth"))
        if wide > NARROWEST:
            found.append(f"{name} : {wide} px of content at {NARROWEST} px, by {await _too_wide(page)}")
        await _show(page, WIDTHS[-1], "light")
        assert found == [], found

    async def check_errors(self, page: Page, name: str) -> None:
        """Check a form that was just sent with something wrong: it says so first, and that is where the focus is."""
        await page.wait_for_selector(".summary")
        assert (await page.title()).startswith("Erreur"), name
        assert await page.evaluate("document.activeElement.className") == "summary", name
        await self.check(page, f"{name}-errors")

    async def send_empty(self, page: Page, name: str, button: str = "main form button[type=submit]") -> None:
        """Check a form, then send it as it is, and check what it says is missing."""
        await self.check(page, name)
        await page.click(button)
        await self.check_errors(page, name)

    async def _take(self, page: Page, name: str) -> None:
        if self.folder is None:
            return
        for width in WIDTHS:
            for scheme in SCHEMES:
                await _show(page, width, scheme)
                await page.screenshot(path=self.folder / f"{name}-{width}-{scheme}.png", full_page=True)


class Unexamined(Screens):
    """Looks at nothing: for what is shown in every way, and examined in one; axe needs scripts."""

    async def check(self, page: Page, name: str) -> None:
        """Do nothing."""


async def _show(page: Page, width: int, scheme: Scheme) -> None:
    await page.set_viewport_size({"width": width, "height": HEIGHT})
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


async def violations(page: Page) -> Sequence[str]:
    """Return what axe finds wrong in a page as it is, in French."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
    locale = json.loads((AXE / "fr.json").read_text("utf-8"))
    found: list[str] = await page.evaluate(_RUN, [locale, list(RULES)])
    return found


async def _too_wide(page: Page) -> str:
    wide = "[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > 320)"
    return str(await page.evaluate(f"{wide}.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(' | ')"))


def vendored() -> dict[str, str]:
    """Return the digest that `axe/VENDORED.txt` states of each file."""
    lines = (AXE / "VENDORED.txt").read_text("utf-8").splitlines()[1:]
    return {name: digest for digest, name in (line.split() for line in lines)}


def digest(name: str) -> str:
    """Return the digest of a file of `axe/`."""
    return hashlib.sha256((AXE / name).read_bytes()).hexdigest()
