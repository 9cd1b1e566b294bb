"""The graph view, the free page and the net playground, as a reader uses them in a browser."""

import json
import re
from urllib.parse import quote

import pytest

STEPS = """Number(/([\\d,]+) steps/.exec(document.querySelector(".pl-numbers")?.textContent)?.[1]
    .replaceAll(",", "") ?? NaN)"""

SCOPES = """import numpy as np
import pellucid as tf

x = tf.placeholder(tf.float32, [None, 2], name="x")
h = tf.layers.dense(x, 3, activation=tf.tanh, name="hidden")
loss = tf.reduce_mean(tf.square(tf.layers.dense(h, 1, name="output")), name="loss")
tf.viz.trace(loss, {x: np.ones((4, 2), np.float32)})
"""

LARGE = """import pellucid as tf
x = tf.constant(0.5)
for i in range(3000):
    x = tf.tanh(x)
x
"""


def write(page, program):
    """Replaces the program of the free page."""
    page.locator(".free .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(program)


def run(page, program=None):
    """Runs the program of the free page, and waits for its end."""
    page.locator(".free .cm-content").click()
    if program is not None:
        write(page, program)
    page.keyboard.press("Shift+Enter")
    page.locator(".free .cell-state", has_text=re.compile("ran in|failed after")).wait_for()


def step_through(page, program=None):
    """Runs a program of the free page whose last line is a run to step through."""
    run(page, program)
    page.locator(".pv-stepper .pv-node").first.wait_for()


def choose(page, example):
    """Begins with an example of the free page."""
    page.locator(".free select").select_option(label=example)


def caption(page):
    """What the line above the graph says."""
    return page.locator(".pv-caption").inner_text()


def press(page, label):
    """Presses a button of the graph view."""
    page.locator(f".pv-stepper [aria-label='{label}']").click()


def fragment(settings):
    """The end of a link to a net."""
    return "#" + quote(json.dumps(settings))


def wait_for_steps(page, condition):
    page.wait_for_function(f"{STEPS} {condition}")


# -- the graph view ------------------------------------------------------------------------

def test_the_front_pages_graph_is_stepped_to_both_ends(open_page, address):
    page = open_page(f"{address}index.html")
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


@pytest.mark.parametrize("width", [1280, 390])
def test_the_slider_goes_to_both_ends_and_keys_to_all_nodes(free, width):
    page = free
    page.set_viewport_size({"width": width, "height": 850})
    choose(page, "A graph, forward and backward")
    step_through(page)
    lit = page.locator(".cm-light-line")
    press(page, "To the beginning")
    assert "nothing is known yet" in caption(page)
    assert page.locator(".pv-node.pv-known").count() == 0
    press(page, "One step on")
    assert caption(page) == "x holds 0.5"
    assert lit.inner_text().startswith("x = tf.Variable")
    press(page, "To the end")
    assert caption(page).startswith("a sends 2.253")
    press(page, "One step back")
    assert "1.284 + 0.9689 = 2.253" in caption(page)
    assert lit.inner_text().startswith("a = tf.square")
    assert page.locator(".pv-sent text").text_content() == "+= 0.9689"
    assert page.locator("[aria-live].pv-hidden").text_content() == caption(page)
    slider = page.locator(".pv-track input")
    slider.focus()
    page.keyboard.press("Home")
    assert "nothing is known yet" in caption(page)
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "step 1 of 11, forward"
    press(page, "Play")
    page.wait_for_function("document.querySelector('.pv-track input').value >= 3")
    press(page, "Pause")
    slider.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    assert caption(page).startswith("loss = Add(")
    focused = "document.activeElement.getAttribute('aria-label')"
    first = page.locator(".pv-node[tabindex='0']")
    assert first.count() == 1
    first.focus()
    assert page.evaluate(focused).startswith("x, variable, scalar, value 0.5")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused).startswith("a, Square")
    page.keyboard.press("Enter")
    assert page.locator(".pv-panel .pv-name").inner_text() == "a"
    page.keyboard.press("n")
    assert caption(page).startswith("Backward starts at loss")
    page.keyboard.press("p")
    assert caption(page).startswith("loss = Add(")


def test_scopes_fold_and_the_panel_shows_numbers_and_code(free):
    page = free
    step_through(page, SCOPES)
    page.locator(".pv-variable", has_text="kernel").first.click()
    panel = page.locator(".pv-panel")
    assert panel.locator(".pv-name").inner_text() == "hidden/kernel"
    assert panel.locator(".pv-numbers td").count() == 6
    page.locator(".pv-node", has_text="Tanh").click()
    panel.get_by_text("its gradient").click()
    assert "def _tanh_gradient" in panel.locator("pre").last.inner_text()
    nodes = page.locator(".pv-node")
    before = nodes.count()
    page.locator(".pv-fold[aria-label='Fold scope hidden']").click()
    folded = page.locator(".pv-scope[aria-label^='Scope hidden']")
    folded.wait_for()
    assert nodes.count() < before
    press(page, "To the end")
    folded.focus()
    page.keyboard.press("Enter")
    page.locator(".pv-fold[aria-label='Fold scope hidden']").wait_for()
    assert nodes.count() == before
    run(page, LARGE)
    page.locator(".pv-scope", has_text="operations").first.wait_for()
    assert 1 < page.locator(".pv-node").count() <= 200
    page.locator(".pv-scope").first.click()
    page.locator(".pv-box").first.wait_for()
    assert page.locator(".pv-node").count() <= 200


# -- the free page -------------------------------------------------------------------------

def test_a_program_is_shared_opened_again_and_taken_away(open_page, free, address):
    page = open_page(f"{address}free.html", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".free .cm-content").wait_for()
    write(page, "print('shared: ∂ 🙂', 6 * 7)\n")
    page.get_by_role("button", name="Share as a link").click()
    page.wait_for_url("**/free.html#program=*")
    link = page.locator(".free-link input").input_value()
    assert page.url == link and re.search(r"#program=[\w-]+$", link)
    assert page.evaluate("navigator.clipboard.readText()") == link
    other = open_page(link)                                 # a browser that knows nothing of it
    other.locator(".free .cm-content", has_text="shared: ∂ 🙂").wait_for()
    assert other.locator(".output.live").is_hidden(), "a shared program runs when the reader says"
    with other.expect_download() as download:
        other.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "program.py"
    assert "pip install pellucid" in download.value.path().read_text(encoding="utf-8")
    open_link(free, link)
    run(free)
    assert free.locator(".output.live").inner_text().strip() == "shared: ∂ 🙂 42"


def open_link(page, link):
    """A link to the free page, pasted where the page is open."""
    page.evaluate("(hash) => { location.hash = hash; }", link.partition("#")[2])


def test_a_damaged_link_says_so(open_page, address):
    page = open_page(f"{address}free.html#program=abc")
    page.get_by_text("The link is damaged").wait_for()
    assert "import pellucid" in page.locator(".free .cm-content").inner_text()


def test_the_program_is_kept_until_the_next_visit(open_page, address):
    page = open_page(f"{address}free.html")
    page.locator(".free .cm-content").wait_for()
    write(page, "kept = 1\n")
    page.reload()
    page.get_by_text("kept = 1").wait_for()
    choose(page, "Exclusive or")
    assert "hidden = tf.layers.dense" in page.locator(".free .cm-content").inner_text()


def test_a_table_of_the_readers_own_and_an_endless_loop(free):
    page = free
    write(page, "print(data['b'].mean(), data['kind'][1], data['b'].dtype)\n")
    page.get_by_role("button", name="Add a table").click()
    page.locator(".free-table textarea").fill("b;kind\n1.5\n")
    page.get_by_role("button", name="Put it into").click()
    page.get_by_text("Row 2 has 1 cells, the first one 2.").wait_for()
    page.locator(".free-table input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": b"b;kind\n1.5;red\n2.5;blue\n"})
    page.get_by_text("mine.csv").wait_for()
    page.get_by_role("button", name="Put it into").click()
    run(page)
    assert page.locator(".output.live").inner_text().strip() == "2.0 blue float64"
    write(page, "while True:\n    pass\n")
    page.keyboard.press("Shift+Enter")
    page.locator(".free .cell-state", has_text=re.compile("^runs$")).wait_for()
    page.wait_for_timeout(200)
    page.locator(".free .stop").click()
    page.locator(".free .cell-state", has_text="stopped").wait_for()
    run(page, "print('on')")
    assert page.locator(".output.live").inner_text().strip() == "on"


def test_every_example_runs(free):
    page = free
    choice = page.locator(".free select")
    for i in range(1, choice.locator("option").count()):
        choice.select_option(index=i)
        run(page)
        assert page.locator(".free .cell-state").inner_text().startswith("ran in"), i
        page.locator(".pv-stepper .pv-node").first.wait_for()


# -- the playground ------------------------------------------------------------------------

@pytest.fixture
def net(chromium, address):
    """The playground, ready to train; Python may run already."""
    page = chromium.kept(f"{address}playground.html")
    page.set_viewport_size({"width": 1280, "height": 850})
    page.evaluate("location.hash = ''")
    page.get_by_role("button", name="Begin again").click()
    wait_for_steps(page, "=== 0")
    return page


def test_the_net_learns(net):
    page = net

    def error():
        text = page.locator(".pl-numbers").inner_text()
        return float(re.search(r"training ([\d.]+)", text)[1])

    first = error()
    page.get_by_role("button", name="One step").click()
    wait_for_steps(page, "=== 1")
    page.locator("#pl-optimizer").select_option(label="Adam")
    page.get_by_text("AdamOptimizer(0.03)").wait_for()
    page.locator(".pl-run").click()
    wait_for_steps(page, "> 300")
    page.locator(".pl-run").click()
    assert error() < 0.6 * first
    assert "a second" in page.locator(".pl-numbers").inner_text()
    assert page.locator(".pl-wire").count() == 2 * 4 + 4 * 2 + 2
    page.get_by_role("button", name="Feature x₁x₂").click()
    page.get_by_role("button", name="One layer less").click()
    page.wait_for_function("document.querySelectorAll('.pl-wire').length === 3 * 4 + 4")
    wait_for_steps(page, "=== 0")
    assert "layers" in page.url                             # the link is this net


def test_the_net_is_a_program(open_page, free, address):
    page = open_page(f"{address}playground.html")
    page.get_by_role("button", name="Exclusive or").click()
    shown = page.locator(".pl-program").inner_text()
    page.get_by_role("button", name="Open it in the free page").click()
    page.wait_for_url("**/free.html#program=*")
    open_link(free, page.url)
    free.locator(".free .cm-content", has_text=shown.splitlines()[0]).wait_for()
    run(free)
    assert "% of the test points are right" in free.locator(".output.live").inner_text()


def test_exploding_numbers_and_own_points_on_a_phone(net):
    page = net
    page.set_viewport_size({"width": 390, "height": 850})
    page.evaluate("(hash) => { location.hash = hash; }", fragment(
        {"rate": 10, "activation": "relu", "layers": [8, 8], "penalty": "l2", "penaltyRate": 1}))
    page.wait_for_function("document.querySelectorAll('.pl-wire').length === 2 * 8 + 8 * 8 + 8")
    wait_for_steps(page, "=== 0")
    page.locator(".pl-run").click()
    page.get_by_text("The numbers have exploded").wait_for()
    assert "Run" in page.locator(".pl-run").inner_text()
    page.get_by_role("button", name="Your own").click()
    page.locator(".pl-own textarea").fill("a,b\n1,2")
    page.get_by_role("button", name="Use these points").click()
    page.get_by_text("one with exactly two classes").wait_for()
    rows = [f"{i},{7 * i % 11},{'low' if i < 15 else 'high'}" for i in range(30)]
    page.locator(".pl-own textarea").fill("a,b,kind\n" + "\n".join(rows))
    page.get_by_role("button", name="Use these points").click()
    page.get_by_text("30 points: x₁ is a, x₂ is b, class 0 is high").wait_for()
    wait_for_steps(page, "=== 0")
    assert "TABLE" in page.locator(".pl-program").inner_text()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
