"""The built site, a server and a browser. Tests that need what is not there are skipped.

To start Python costs a page several seconds of a core: tests that need it share pages in which it
runs already, each of which goes back to how a reader finds it between two tests (`Chromium.kept`).
"""

import contextlib
import os
import shutil
import signal
import threading
from pathlib import Path

import pytest

from pellucid.play import server

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "site"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser",
                                                "google-chrome"))), None)
PATIENCE = 120                 # seconds for anything to appear, on a very busy machine
TIME_LIMIT = 240               # seconds of one test; then its browser is ended
MOST_LATE = 2                  # tests that may pass the limit; then the browser is not used again

# The network is cut here, but for this machine; the rest is what a container needs.
ARGUMENTS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage"]
NEAR = "http://127.0.0.1:", "data:", "blob:"
FIRST = "book/01-computational-graphs.html"
LAY_OUT_LESSON = "for (const e of document.querySelectorAll('.cell')) e.cell?.reset()"
SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"


class Chromium:
    """A headless Chromium, whose pages are watched.

    Attributes:
      wrong: list of str, what went wrong in any page since it was emptied.
      late: int, how many tests were ended because they took too long.
    """

    def __init__(self, driver):
        self.driver, self.browser, self.process, self.late = driver, None, None, 0
        self.wrong, self._kept, self._contexts = [], {}, []

    def page(self, address, width=1280, idle=False, **options):
        """A page in a browser that knows nothing of earlier ones; closed after the test.

        With idle=False Python does not start before it is needed.
        """
        context = self._context(width, idle, options)
        self._contexts.append(context)
        return self._open(context, address)

    def kept(self, address):
        """A page that stays open for the tests that come after this one."""
        if address not in self._kept or not self.browser.is_connected():
            self._kept[address] = self._open(self._context(1280, False, {}), address)
        return self._kept[address]

    def beside(self, page):
        """The same page once more, in the same browser."""
        return self._open(page.context, page.url)

    def close(self, with_kept):
        """Closes the pages of a test; those that are kept too, if it left them in disorder."""
        if with_kept:
            self._contexts += [page.context for page in self._kept.values()]
            self._kept.clear()
        for context in self._contexts:
            with contextlib.suppress(Exception):       # the browser may have been ended
                context.close()
        self._contexts.clear()

    def end(self):
        """The time of a test is over. Whatever waits for the browser fails now."""
        self.late += 1
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)

    def _context(self, width, idle, options):
        if self.browser is None or not self.browser.is_connected():
            self._kept.clear()
            self.browser = self.driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            asked = self.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
            (self.process,) = [process["id"] for process in asked["processInfo"]
                               if process["type"] == "browser"]
        context = self.browser.new_context(viewport={"width": width, "height": 850}, **options)
        context.set_default_timeout(1000 * PATIENCE)
        if not idle:
            context.add_init_script(SAVES_DATA)
        return context

    def _open(self, context, address):
        page, wrong = context.new_page(), self.wrong
        page.on("console", lambda message: message.type in ("error", "warning")
                and wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("response", lambda response: response.status >= 400
                and wrong.append(f"{response.status} {response.url}"))
        page.on("request", lambda request: request.url.startswith(NEAR)
                or wrong.append(f"a request to {request.url}"))
        page.goto(address)
        return page


@pytest.fixture(scope="session")
def built():
    """The folder of the built site."""
    if not (BUILT / "index.html").is_file():
        pytest.skip("the site is not built: make site")
    return BUILT


@pytest.fixture(scope="session")
def address(built):
    """Where the site is served, with the headers for isolation."""
    serving = server.start(built)
    yield f"http://127.0.0.1:{serving.server_port}/"
    serving.shutdown()
    serving.server_close()


@pytest.fixture(scope="session")
def one_chromium():
    """The browser of all tests of this process."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: the pages are not tested in a browser")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = Chromium(driver)
        yield chromium
        chromium.close(with_kept=True)
        if chromium.browser is not None:
            chromium.browser.close()


@pytest.fixture
def chromium(request, one_chromium):
    """The browser, for one test and not longer than TIME_LIMIT.

    Errors in a console, requests that fail and requests to anywhere but this machine fail the test.
    """
    if one_chromium.late >= MOST_LATE:
        pytest.fail(f"{MOST_LATE} tests took longer than {TIME_LIMIT} s: no more are tried")
    failed = request.session.testsfailed
    timer = threading.Timer(TIME_LIMIT, one_chromium.end)
    timer.daemon = True
    timer.start()
    yield one_chromium
    timer.cancel()
    wrong = list(one_chromium.wrong)
    one_chromium.close(with_kept=wrong or request.session.testsfailed > failed)
    one_chromium.wrong.clear()
    assert not wrong, wrong


@pytest.fixture
def open_page(chromium):
    """open_page(address, width=1280, idle=False, **context): a page, closed after the test."""
    return chromium.page


@pytest.fixture
def lesson(chromium, address):
    """The first lesson, as a reader finds it; Python may run already."""
    page = chromium.kept(f"{address}{FIRST}")
    page.set_viewport_size({"width": 1280, "height": 850})
    page.evaluate(LAY_OUT_LESSON)
    return page


@pytest.fixture
def free(chromium, address):
    """The free page; Python may run already."""
    page = chromium.kept(f"{address}free.html")
    page.set_viewport_size({"width": 1280, "height": 850})
    page.locator(".free .cm-content").wait_for()
    return page
