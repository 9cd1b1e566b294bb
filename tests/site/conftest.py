"""The built site, a server and a browser. Tests that need what is not there are skipped."""

import shutil
from pathlib import Path

import pytest

from pellucid.play import server

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "site"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser",
                                                "google-chrome"))), None)
READY = 240_000                # milliseconds until Python has started on a very busy machine


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
def browser():
    """A headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: the pages are not tested in a browser")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """open_page(address, width=1280, idle=True, **context): a page, watched until the test ends.

    Errors in its console, requests that fail and requests to anywhere but this machine fail the
    test. With idle=False Python does not start before it is needed.
    """
    contexts, wrong = [], []

    def open_page(address, width=1280, idle=True, **options):
        context = browser.new_context(viewport={"width": width, "height": 850}, **options)
        contexts.append(context)
        context.set_default_timeout(READY)
        context.route("**/*", allow)
        if not idle:
            context.add_init_script(
                "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning")
                and wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("response", lambda response: response.status >= 400
                and wrong.append(f"{response.status} {response.url}"))
        page.goto(address)
        return page

    def allow(route):
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
        else:
            wrong.append(f"a request to {route.request.url}")
            route.abort()

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong, wrong
