"""Windows of a browser, used again by one test after another: a new one costs as much as the pages it shows.

A window that comes back holds nothing of who used it: no cookie, no storage, no rule of the network. It keeps the files
of the site, and axe as it was compiled.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Browser, Error, Page

from tests.browser.screens import HEIGHT, Screens

_FORGET: Final = "() => { try { localStorage.clear(); sessionStorage.clear(); } catch { /* not of the site */ } }"


@dataclass
class Windows:
    """The windows of one browser on one site."""

    browser: Browser
    site: str
    screens: Screens
    _free: dict[bool, list[Page]] = field(default_factory=lambda: defaultdict(list))

    async def open(self, width: int, *, script: bool, fresh: bool = False) -> Page:
        """Return a window that nobody uses; a `fresh` one has no file of the site yet."""
        free = [] if fresh else self._free[script]
        page = free.pop() if free else await self._new(script=script)
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        return page

    async def _new(self, *, script: bool) -> Page:
        context = await self.browser.new_context(
            base_url=self.site, locale="fr-FR", timezone_id="Europe/Paris", java_script_enabled=script
        )
        page = await context.new_page()
        self.screens.watch(page)
        return page

    async def take_back(self, page: Page, *, script: bool, fresh: bool = False) -> None:
        """Empty a window for its next user; close it if it cannot be."""
        try:
            if not fresh:
                await page.unroute_all(behavior="ignoreErrors")
                await page.evaluate(_FORGET)
                await page.goto("about:blank")
                await page.context.clear_cookies()
                self._free[script].append(page)
                return
        except Error:  # it still loads something
            pass
        await page.context.close()
