"""The pages in a browser: all open, programs run, loops stop, exercises are solved."""

import re

import pytest

from book.reader import lesson_paths, read
from pellucid.play import server
from tests.site.conftest import BUILT

LESSONS = [path.stem for path in lesson_paths()]
PAGES = ["index", *(f"book/{lesson}" for lesson in LESSONS), "free", "playground", "docs/tour",
         "docs/semantics", "docs/benchmarks", "source/pellucid/core/graph", "search"]
FIRST = f"book/{LESSONS[0]}.html"
RUN = "Shift+Enter"


def cell(page, which):
    """A program of a lesson: by its place, from 0, or what `.cell` it is."""
    return page.locator(f"{which} .cell" if isinstance(which, str) else ".cell:has(.cell-data)"
                        ).nth(0 if isinstance(which, str) else which)


def write(page, cell, code):
    """Replaces a program, as a reader would."""
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def wait_for(cell, text):
    """Until the note beside Run begins with a text."""
    cell.locator(".cell-state", has_text=text).wait_for()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(open_page, address, name, width):
    page = open_page(f"{address}{name}.html", width=width, idle=False)
    assert page.locator("article h1").count() == 1 or name == "search"
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= width, f"the page is {wide} pixels wide"
    unnamed = page.evaluate("""[...document.querySelectorAll("button, a, input, img, canvas")]
        .filter((e) => e.checkVisibility() && !e.ariaHidden
            && !(e.ariaLabel || e.alt || e.title || e.placeholder
            || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)""")
    assert not unnamed


@pytest.mark.parametrize("lesson", LESSONS)
def test_all_programs_of_a_lesson_run(open_page, address, lesson):
    page = open_page(f"{address}book/{lesson}.html")
    recorded = [block for block in read(f"book/{lesson}.md") if block.kind == "playcell"]
    last = page.locator(".cell.is-playcell").last
    last.locator(".run").click()
    wait_for(last, "ran in")
    states = page.locator(".cell.is-playcell .cell-state").all_text_contents()
    assert len(states) == len(recorded)
    raises = page.locator(".cell.is-playcell.raises").count()
    assert sum(state.startswith("ran in") for state in states) == len(states) - raises


def test_text_and_recorded_output_are_there_without_scripts(open_page, address):
    page = open_page(f"{address}{FIRST}", java_script_enabled=False)
    assert page.get_by_text("Variable -> ['matmul']").is_visible()
    assert page.locator(".katex").count() > 3
    assert page.locator(".cell pre").first.is_visible()


def test_a_program_runs_after_those_above_it(open_page, address):
    page = open_page(f"{address}{FIRST}")
    third = cell(page, 2)
    third.locator(".run").click()
    wait_for(third, "ran in")
    assert third.locator(".output.live").inner_text().startswith("Variable -> ['matmul']")
    assert third.locator(".output.recorded").is_hidden()
    assert cell(page, 0).locator(".cell-state").inner_text().startswith("ran in")


def test_an_error_points_at_the_readers_line(open_page, address):
    page = open_page(f"{address}{FIRST}")
    first = cell(page, 0)
    write(page, first, "x = 1\n\ny = x / 0\n")
    page.keyboard.press(RUN)
    wait_for(first, "failed after")
    assert "ZeroDivisionError" in first.locator(".error-title").inner_text()
    assert first.locator(".error pre").inner_text().count("File") == 1
    assert first.locator(".cm-error-line").inner_text() == "y = x / 0"
    first.get_by_role("button", name="line 3").click()
    assert page.evaluate("document.activeElement.classList.contains('cm-content')")
    first.locator(".reset").click()
    assert first.locator(".cm-content").inner_text().startswith("import numpy")
    assert first.locator(".error").count() == 0


def test_stop_ends_an_endless_loop(open_page, address):
    page = open_page(f"{address}{FIRST}")
    assert page.evaluate("crossOriginIsolated")
    first, second = cell(page, 0), cell(page, 1)
    write(page, first, "kept = 41\nwhile True:\n    kept = 42\n")
    page.keyboard.press(RUN)
    wait_for(first, "runs")
    page.wait_for_timeout(300)
    first.locator(".stop").click()
    wait_for(first, "stopped")
    assert "Stopped" in first.locator(".error").inner_text()
    write(page, first, "print('on', 6 * 7)")
    page.keyboard.press(RUN)
    wait_for(first, "ran in")
    assert first.locator(".output.live").inner_text().strip() == "on 42"
    write(page, second, "while True:\n    print('again and again')\n")
    page.keyboard.press(RUN)
    second.locator(".output.live").get_by_text("again and again").first.wait_for()
    second.locator(".stop").click()
    wait_for(second, "stopped")


def test_under_a_path_and_without_headers(open_page, built, tmp_path):
    """A plain host: Stop ends Python and starts it anew."""
    (tmp_path / "index.html").write_text("")
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(built)
    serving = server.start(tmp_path, is_isolated=False)
    page = open_page(f"http://127.0.0.1:{serving.server_port}/some/where/{FIRST}")
    assert not page.evaluate("crossOriginIsolated")
    first = cell(page, 0)
    write(page, first, "while True:\n    pass\n")
    page.keyboard.press(RUN)
    wait_for(first, "runs")
    first.locator(".stop").click()
    wait_for(first, "stopped")
    write(page, first, "print(6 * 7)")
    page.keyboard.press(RUN)
    wait_for(first, "ran in")
    assert first.locator(".output.live").inner_text().strip() == "42"
    serving.shutdown()
    serving.server_close()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_exercise_is_solved(open_page, address, width):
    page = open_page(f"{address}{FIRST}", width=width)
    exercise = page.locator(".exercise").first
    asked = cell(page, ".exercise")
    summary = exercise.locator(".solution summary")
    exercise.locator("summary", has_text="after 2 more tries").wait_for()
    summary.click()
    assert not exercise.locator(".solution pre").is_visible()
    for tries_left in "after 1 more try", "A solution":
        asked.locator(".run").click()
        exercise.locator("summary", has_text=tries_left).wait_for()
    assert "input nodes of p should be" in exercise.locator(".verdict .missing").inner_text()
    assert "the list of the nodes" in exercise.locator(".verdict .hint").inner_text()
    summary.click()
    solution = exercise.locator(".solution pre").inner_text()
    write(page, asked, solution)
    page.keyboard.press(RUN)
    wait_for(asked, "solved")
    assert "Right." in exercise.locator(".verdict").inner_text()
    assert page.locator(".sidebar-tree .current .progress").first.text_content() == "1/3"
    page.wait_for_timeout(500)
    page.reload()                                             # the browser remembers
    asked.locator(".cm-content").wait_for()
    assert page.locator(".exercise .solved").first.is_visible()
    assert "x_value * y_value" in asked.locator(".cm-content").inner_text()


def test_the_graph_appears_below_a_program(open_page, address):
    page = open_page(f"{address}{FIRST}")
    first = cell(page, 0)
    write(page, first, "import pellucid as tf\nx = tf.constant(2.0, name='x')\n"
                       "tf.viz.trace(tf.multiply(x, x, name='square'))")
    page.keyboard.press(RUN)
    wait_for(first, "ran in")
    first.locator(".shown.graph svg").first.wait_for()
    write(page, first, "import numpy as np\nnp.eye(5)")
    page.keyboard.press(RUN)
    first.locator(".heat-map canvas").wait_for()


def test_dark_and_light(open_page, address):
    grounds = [open_page(f"{address}{FIRST}", idle=False, color_scheme=scheme).evaluate(
        "getComputedStyle(document.body).backgroundColor") for scheme in ("light", "dark")]
    assert grounds == ["rgb(251, 252, 251)", "rgb(17, 24, 27)"]


def test_the_keyboard_reaches_everything(open_page, address):
    page = open_page(f"{address}{FIRST}", idle=False)
    first = cell(page, 0)
    first.locator(".cm-content").wait_for()
    assert "Shift-Enter runs" in first.locator(".cm-content").get_attribute("aria-label")
    assert first.locator(".output.live").get_attribute("aria-live") == "polite"
    first.locator(".run").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("cm-content")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.cell')?.cell.index === 0")


def test_no_page_links_into_nothing(built):
    for path in BUILT.rglob("*.html"):
        for target in re.findall(r'(?:href|src)="([^"#?]+)', path.read_text(encoding="utf-8")):
            assert "://" in target or (path.parent / target).exists(), (
                f"{path.relative_to(BUILT)}: {target}")


# -- graph view, free page, net -------------------------------------------------------------

def test_the_front_pages_graph_is_stepped_to_both_ends(open_page, address):
    page = open_page(f"{address}index.html", idle=False)
    slider = page.locator(".hero input[type=range]")
    slider.wait_for()
    last = int(slider.get_attribute("max"))
    slider.focus()
    captions = set()
    for key, at in (("Home", int(slider.get_attribute("min"))), ("End", last)):
        page.keyboard.press(key)
        assert int(slider.input_value()) == at
        captions.add(page.locator(".hero .pv-caption").inner_text())
    assert len(captions) == 2


def test_a_program_is_shared_by_link_and_opened_again(open_page, address):
    page = open_page(f"{address}free.html", permissions=["clipboard-read", "clipboard-write"])
    editor = page.locator(".free-cell .cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("print('shared', 6 * 7)")
    page.get_by_role("button", name="Share as a link").click()
    page.wait_for_url("**/free.html#program=*")
    other = open_page(page.url)
    other.locator(".cm-content", has_text="shared").wait_for()
    assert other.locator(".output.live").is_hidden(), "a shared program runs when the reader says"
    other.locator(".free-cell .run").click()
    other.locator(".free-cell .output.live", has_text="shared 42").wait_for()


def test_the_net_learns_and_opens_as_a_program(open_page, address):
    page = open_page(f"{address}playground.html")
    page.locator(".pl-run").click()
    page.wait_for_function("""() => {
        const words = document.querySelector(".pl-numbers").innerText;
        const right = /training [\\d.]+, (\\d+)/.exec(words);
        return right && Number(right[1]) >= 90;
    }""")
    page.locator(".pl-run").click()
    page.get_by_role("button", name="Open it in the free page").or_(
        page.get_by_role("link", name="Open it in the free page")).click()
    page.wait_for_url("**/free.html*")
    page.locator(".cm-content", has_text="tf.").wait_for()
