"""The lessons: every program runs, every exercise can be solved, every link leads somewhere."""

import re

import pytest

from book.reader import HERE, PROGRAMS, in_order, lesson_paths, parse, read
from book.remake import outputs
from book.runner import Room

LESSONS = lesson_paths()
NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?")


@pytest.fixture(params=LESSONS, ids=[path.stem for path in LESSONS])
def blocks(request):
    """The blocks of each lesson."""
    return read(request.param)


def same_output(recorded, printed):
    """True if the words are equal and the numbers nearly."""
    words, other = NUMBER.sub("#", recorded).split(), NUMBER.sub("#", printed).split()
    numbers = [[float(n) for n in NUMBER.findall(text)] for text in (recorded, printed)]
    return words == other and all(
        abs(a - b) <= 1e-6 + 1e-3 * abs(a) for a, b in zip(*numbers, strict=True))


def test_programs_print_what_the_text_shows(blocks):
    for program, shown, printed in outputs(blocks):
        assert shown is not None or not printed, f"line {program.line}: prints, but has no output"
        if shown is not None:
            assert same_output(shown.body, printed), f"line {shown.line}: {printed}"


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


def test_lessons_are_numbered_from_one():
    assert [int(path.name[:2]) for path in LESSONS] == list(range(1, len(LESSONS) + 1))


def test_lines_of_blocks_are_those_of_the_file():
    path = LESSONS[0]
    lines = path.read_text(encoding="utf-8").split("\n")
    for block in in_order(read(path)):
        first = block.body.split("\n")[0]
        assert lines[block.line - 1] == first


def test_a_container_holds_blocks():
    (block,) = parse("````{breakit} Title\nprose\n```{wrong}\n:raises: ValueError\nx = 1\n```\n````")
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


def test_outputs_are_compared_by_words_and_numbers():
    assert same_output("loss 0.12345", "loss  0.12349")
    assert not same_output("loss 0.12345", "loss 0.124")
    assert not same_output("loss 1", "cost 1")


def test_a_program_may_register_its_gradient_again():
    room = Room()
    source = ("import pellucid as tf\n"
              "@tf.RegisterGradient('test_book_op')\n"
              "def _gradient(op, grad):\n    return grad\n")
    room.run(source)
    room.run(source)
    room.run("1", "cell")
