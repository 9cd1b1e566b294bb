"""Looks at the built site in a browser: pictures of its pages, and how long they take.

    python site/look.py pictures /tmp/shots     every page, light and dark, desktop and phone
    python site/look.py readme                  docs/images/stepping.png
    python site/look.py times                   what docs/site.md says, measured anew

Needs the built site, playwright (pip) and a Chromium on the PATH.
"""

import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pellucid.play import server  # noqa: E402

BUILT = ROOT / "build" / "site"
LESSON = "book/01-computational-graphs.html"
SAVING = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
SLOW = 240_000


def pictures(browser, address, folder):
    """PNG files, named after page, scheme and width."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [path.relative_to(BUILT) for path in sorted(BUILT.glob("**/*.html"))
             if "source" not in path.parts]
    for scheme in "light", "dark":
        for width in 1280, 390:
            context = browser.new_context(viewport={"width": width, "height": 850},
                                          color_scheme=scheme)
            context.add_init_script(SAVING)
            page = context.new_page()
            for path in pages:
                page.goto(address + path.as_posix())
                if path.stem == "playground":
                    page.locator(".pl-run").click()
                    page.locator(".pl-numbers", has_text="a second").wait_for(timeout=SLOW)
                page.wait_for_timeout(800)
                name = path.with_suffix("").as_posix().replace("/", "-")
                page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)
            context.close()


def readme(browser, address):
    """The free page's first example, run, in the middle of going backward."""
    page = browser.new_page(viewport={"width": 1000, "height": 1200}, device_scale_factor=2)
    page.goto(f"{address}free.html")
    page.locator(".free-cell .run").click()
    slider = page.locator(".free-cell input[type=range]")
    slider.wait_for(timeout=SLOW)
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(800)
    page.locator(".free-cell").screenshot(path=ROOT / "docs" / "images" / "stepping.png")


def times(browser, address):
    """Text, Python, bytes, steps a second; of a first and a second visit."""
    context = browser.new_context()
    page = context.new_page()
    sizes = []
    page.on("response", lambda answer: sizes.append(int(answer.headers.get(
        "content-length", 0)) if answer.status == 200 else 0))
    for visit in "first", "second":
        sizes.clear()
        start = time.perf_counter()
        page.goto(address + LESSON, wait_until="commit")
        page.locator("article h1").wait_for(timeout=SLOW)
        text = time.perf_counter() - start
        page.wait_for_load_state("load", timeout=SLOW)
        before_python = sum(sizes)
        page.locator(".python-state .text", has_text="is ready").wait_for(timeout=SLOW)
        ready = time.perf_counter() - start
        print(f"{visit} visit: text {text:.2f} s, Python ready {ready:.1f} s; "
              f"{before_python / 1e6:.2f} MB before Python, {sum(sizes) / 1e6:.1f} MB in all")
    page.goto(f"{address}playground.html")
    page.locator(".pl-run").click()
    page.locator(".pl-numbers", has_text="a second").wait_for(timeout=SLOW)
    page.wait_for_timeout(5000)
    print("the net:", page.locator(".pl-numbers").inner_text())


def main(what, folder="shots"):
    from playwright.sync_api import sync_playwright

    serving = server.start(BUILT)
    address = f"http://127.0.0.1:{serving.server_port}/"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"),
                                         args=["--no-sandbox", "--disable-gpu"])
        if what == "pictures":
            pictures(browser, address, Path(folder))
        elif what == "readme":
            readme(browser, address)
        else:
            times(browser, address)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)
