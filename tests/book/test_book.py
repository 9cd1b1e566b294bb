"""The lessons: every program runs, every exercise can be solved, every link leads somewhere."""

import re
from itertools import pairwise

import pytest

from book import pictures
from book.reader import HERE, PROGRAMS, Block, in_order, lesson_paths, parse, read
from book.remake import has_tensorflow, outputs, run_alone, same_output
from book.runner import Room
from pellucid.core import gradients
from pellucid.core.operation import op_types

LESSONS = lesson_paths()


@pytest.fixture(params=LESSONS, ids=[path.stem for path in LESSONS])
def blocks(request, monkeypatch):
    """The blocks of each lesson, whose operations no other test has given a gradient."""
    own = {name: g for name, g in gradients._gradients.items() if name in op_types}
    monkeypatch.setattr(gradients, "_gradients", own)
    return read(request.param)


def test_programs_print_what_the_text_shows(blocks):
    for program, shown, printed in outputs(blocks, tensorflow=False):
        assert shown is not None or not printed, f"line {program.line}: prints, but has no output"
        if shown is not None:
            assert same_output(shown, printed), f"line {shown.line}: {printed}"


@pytest.mark.skipif(not has_tensorflow(), reason="TensorFlow is not installed")
def test_programs_for_tensorflow_print_what_the_text_shows(blocks):
    for block, shown in pairwise(in_order(blocks)):
        if block.kind == "tensorflow":
            assert same_output(shown, run_alone(block.body)), f"line {shown.line}"


def test_every_program_can_run_again(blocks):
    room = Room()
    for block in in_order(blocks):
        if block.kind in PROGRAMS:
            for _ in range(2):
                room.run(block.body, f"line {block.line}", block.options.get("raises"))


def test_exercises(blocks):
    room = Room()
    for block in in_order(blocks):
        if block.kind in PROGRAMS:
            room.run(block.body, f"line {block.line}", block.options.get("raises"))
        if block.kind == "graph":
            import pellucid as tf
            assert tf.viz.draw(room.value(block.argument)).startswith("<svg")
        if block.kind == "exercise":
            check_exercise(room, block)


def check_exercise(room, exercise):
    title = exercise.argument
    passed, error, _ = room.attempt(exercise, exercise.part("starter").body)
    assert not passed, f"{title}: the starter passes"
    assert str(error), f"{title}: the starter's failure says nothing"
    passed, error, _ = room.attempt(exercise, exercise.part("solution").body)
    assert passed, f"{title}: the solution fails: {error!r}"
    mistakes = [block for block in exercise.blocks if block.kind == "mistake"]
    assert mistakes, f"{title}: no usual mistake is listed"
    for mistake in mistakes:
        passed, error, hint = room.attempt(exercise, mistake.body)
        assert not passed, f"{title}: the mistake {mistake.argument!r} passes"
        assert hint and mistake.argument in hint, f"{title}: {hint!r} for {error!r}"


def test_every_lesson_is_whole(blocks):
    kinds = [block.kind for block in blocks]
    assert 2 <= kinds.count("exercise") <= 4
    for kind in "breakit", "recap", "reading", "teacher":
        assert kinds.count(kind) == 1, kind
    assert "playcell" in kinds and "![" in blocks[0].body
    names = [block.options["name"] for block in blocks if block.kind == "exercise"]
    assert len(set(names)) == len(names)


def texts(blocks):
    """The prose, also that inside of containers."""
    for block in blocks:
        if block.kind == "text":
            yield block
        yield from texts(block.blocks)


def test_links_lead_to_files(blocks):
    for block in texts(blocks):
        for target in re.findall(r"\]\(([^)#]+)\)", block.body):
            if not target.startswith("https://"):
                assert (HERE / target).is_file(), f"line {block.line}: {target}"


def test_pictures_are_drawn_by_their_program(monkeypatch, tmp_path):
    monkeypatch.setattr(pictures, "IMAGES", tmp_path)
    pictures.main()
    assert {path.name for path in tmp_path.iterdir()} == {
        path.name for path in (HERE / "images").iterdir()}


def test_the_index_lists_every_lesson():
    links = re.findall(r"\]\((\d\d-[^)]+)\)", (HERE / "index.md").read_text(encoding="utf-8"))
    assert links == [path.name for path in LESSONS]


def test_lessons_are_numbered_from_one():
    assert [int(path.name[:2]) for path in LESSONS] == list(range(1, len(LESSONS) + 1))


def test_lines_of_blocks_are_those_of_the_file():
    path = LESSONS[0]
    lines = path.read_text(encoding="utf-8").split("\n")
    for block in in_order(read(path)):
        first = block.body.split("\n")[0]
        assert lines[block.line - 1] == first


def test_a_container_holds_blocks():
    (block,) = parse("````{breakit} Title\nprose\n```{wrong}\n:raises: ValueError\nx = 1\n"
                     "```\n````")
    assert block.argument == "Title"
    text, wrong = block.blocks
    assert (text.kind, wrong.kind, wrong.body, wrong.line) == ("text", "wrong", "x = 1", 5)
    assert wrong.options == {"raises": "ValueError"}


@pytest.mark.parametrize("text, message", [
    ("```{playcel}\nx\n```", "line 1: no directive is called {playcel}"),
    ("text\n```{playcell}\nx", "line 2: {playcell} has no end"),
])
def test_errors_of_the_reader_name_the_line(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(text)


@pytest.mark.parametrize("recorded, printed, options, same", [
    ("loss 0.12345", "loss  0.12349", {}, True),
    ("loss 0.12345", "loss 0.124", {}, False),
    ("loss 1", "cost 1", {}, False),
    ("[nan inf]", "[nan  inf]", {}, True),
    ("inf", "1.0", {}, False),
    ("3.1 ms", "0.2 ms", {"measured": "yes"}, True),
    ("3.1 ms", "3.1 s", {"measured": "yes"}, False),
])
def test_outputs_are_compared_by_words_and_numbers(recorded, printed, options, same):
    assert same_output(Block("output", 1, recorded, options=options), printed) is same


def test_a_program_may_register_its_gradient_again():
    room = Room()
    source = ("import pellucid as tf\n"
              "@tf.RegisterGradient('test_book_op')\n"
              "def _gradient(op, grad):\n    return grad\n")
    room.run(source)
    room.run(source)
    room.run("1", "cell")
