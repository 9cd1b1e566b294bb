"""The pages in a browser: all open, programs run, loops stop, exercises are solved."""

import re
import subprocess
import sys

import pytest

from book.reader import lesson_paths
from pellucid.play import server
from tests.site.conftest import FIRST, ROOT, TIME_LIMIT

LESSONS = [path.stem for path in lesson_paths()]
PAGES = [*(f"book/{lesson}" for lesson in LESSONS),
         *(path.stem for path in sorted((ROOT / "site" / "pages").glob("*.md"))),
         *(f"docs/{path.stem}" for path in sorted((ROOT / "docs").glob("*.md"))),
         "source/pellucid/core/graph", "search"]
LONGEST = "book/09-how-a-session-gets-fast.html"
AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"
RUN = "Shift+Enter"
ENDS = "ran in|failed after|stopped|solved|not yet|above fails"      # how a program can end


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
    """Until the note beside Run says a text. A program that ends otherwise fails, and says why."""
    note = cell.locator(".cell-state", has_text=re.compile(f"{text}|{ENDS}"))
    note.wait_for(state="attached")                          # it may be in a collapsed program
    assert text in note.text_content(), f"{note.text_content()}: {cell.inner_text()}"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(open_page, address, name):
    page = open_page(f"{address}{name}.html")
    assert page.locator("article h1").count() == 1
    for width in 1280, 390:
        page.set_viewport_size({"width": width, "height": 850})
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= width, f"the page is {wide} pixels wide"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert found_by_axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(page, "color-contrast") == []


def run_all(page):
    """Runs a lesson's last program, and with it all above: each ends as the book says."""
    programs = page.locator(".cell.is-playcell")
    programs.last.locator(".run").click()
    wait_for(programs.last, "ran in")
    for ended in programs.all():
        wait_for(ended, "failed after" if "raises" in ended.get_attribute("class") else "ran in")


def test_python_starts_while_the_reader_reads_and_runs_a_lesson(open_page, address):
    """The other lessons' programs run in test_lessons.py, in the same Python without a browser."""
    page = open_page(f"{address}{LONGEST}", idle=True)
    page.locator(".python-state .text", has_text="Python is ready").wait_for(state="attached")
    run_all(page)


def test_all_programs_of_the_first_lesson_run(lesson):
    run_all(lesson)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_stays_where_it_is_when_editors_open(open_page, address, width):
    """Or a click is lost: pressed on a button, released beside it."""
    page = open_page(f"{address}{FIRST}", width)
    page.locator(".cell-editor").first.wait_for()
    assert page.evaluate("""async () => {
        const cells = [...document.querySelectorAll(".cell")].filter(({ cell }) => !cell.editor);
        const heights = () => cells.map((element) => element.getBoundingClientRect().height);
        const before = heights();
        await Promise.all(cells.map(({ cell }) => cell.openEditor()));
        await new Promise(requestAnimationFrame);
        return before.length > 5 && heights().every(
            (height, i) => Math.abs(height - before[i]) < 1);
    }""")


def test_text_and_recorded_output_are_there_without_scripts(open_page, address):
    page = open_page(f"{address}{FIRST}", java_script_enabled=False)
    assert page.get_by_text("Variable -> ['matmul']").is_visible()
    assert page.locator(".katex").count() > 3
    assert page.locator(".cell pre").first.is_visible()


def test_a_program_runs_after_those_above_it(lesson):
    page = lesson
    third = cell(page, 2)
    third.locator(".run").click()
    wait_for(third, "ran in")
    assert third.locator(".output.live").inner_text().startswith("Variable -> ['matmul']")
    assert third.locator(".output.recorded").is_hidden()
    assert cell(page, 0).locator(".cell-state").inner_text().startswith("ran in")


def test_an_error_points_at_the_readers_line(lesson):
    page = lesson
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


def test_stop_ends_an_endless_loop(lesson):
    page = lesson
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
    first.locator(".run").click()
    first.locator(".stop").click()                           # Python is not there yet
    wait_for(first, "stopped")
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


def test_an_exercise_is_solved(chromium, lesson):
    page = lesson
    exercise, asked = page.locator(".exercise").first, cell(page, ".exercise")
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
    write(page, asked, exercise.locator(".solution pre").inner_text())
    page.keyboard.press(RUN)
    wait_for(asked, "solved")
    assert "Right." in exercise.locator(".verdict").inner_text()
    solved = page.locator(".sidebar-tree .current .progress").first.text_content()
    assert solved in ("1/3", "2/3")
    page.wait_for_function("JSON.stringify(localStorage).includes('x_value * y_value')")
    later = chromium.beside(page)                            # the browser remembers
    asked = cell(later, ".exercise")
    asked.locator(".cm-content").wait_for()
    assert later.locator(".exercise .solved").first.is_visible()
    assert "x_value * y_value" in asked.locator(".cm-content").inner_text()
    later.close()


def test_an_exercise_is_solved_on_a_phone(lesson):
    page = lesson
    page.set_viewport_size({"width": 390, "height": 850})
    exercise = page.locator(".exercise").nth(1)
    asked = exercise.locator(".cell")
    asked.scroll_into_view_if_needed()
    asked.locator(".run").click()
    exercise.locator(".verdict .missing, .error").first.wait_for()
    write(page, asked, asked.evaluate("(element) => element.cell.data.solution"))
    page.keyboard.press(RUN)
    wait_for(asked, "solved")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_the_graph_appears_below_a_program(lesson):
    page = lesson
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
    grounds = [open_page(f"{address}{FIRST}", color_scheme=scheme).evaluate(
        "getComputedStyle(document.body).backgroundColor") for scheme in ("light", "dark")]
    assert grounds == ["rgb(251, 252, 251)", "rgb(17, 24, 27)"]


def test_the_keyboard_reaches_everything(open_page, address):
    page = open_page(f"{address}{FIRST}")
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


def test_links_lead_to_pages_and_places_of_the_site(built):
    """Links out of the site are listed by the same program, and not fetched."""
    done = subprocess.run([sys.executable, ROOT / "site" / "links.py"], capture_output=True,
                          text=True, timeout=TIME_LIMIT)
    assert done.returncode == 0, done.stderr


def found_by_axe(page, *rules):
    """What is wrong with a page for readers who cannot see it well: list of "rule: element".

    Without an experimental rule: a node of a graph says more than is written on it. And without
    editors' scrollers: the text in them has the focus, and scrolls as the cursor goes.
    """
    found = page.evaluate("""(rules) => axe.run(document, { resultTypes: ["violations"],
        rules: { "label-content-name-mismatch": { enabled: false } },
        ...(rules.length > 0 ? { runOnly: rules } : {}) })""", rules)
    return [f"{rule['id']}: {node['html'][:200]}"
            for rule in found["violations"] for node in rule["nodes"]
            if "cm-scroller" not in node["html"]]
