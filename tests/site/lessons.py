"""Every program and exercise of the book, asked as the page asks: see lessons.mjs."""

from book.reader import PROGRAMS, in_order, lesson_paths, read
from book.remake import same_output
from pellucid.play.answers import Answers


def failures():
    """List of str."""
    found = []
    for path in lesson_paths():
        found += [f"{path.name}: {failure}" for failure in _of_lesson(list(in_order(read(path))))]
    return found


def _of_lesson(blocks):
    answers, before = Answers(), ""
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind in PROGRAMS:
            name = f"line {block.line}"
            answer = answers.run({"code": block.body, "name": name, "before": before}, ignore)
            before = name
            yield from _of_program(block, following, answer)
        elif block.kind == "exercise":
            yield from _of_exercise(answers, block, before)


def _of_program(block, following, answer):
    raises = block.options.get("raises")
    if (answer["error"] or {}).get("type") != raises:
        yield f"line {block.line}: {answer['error']}"
    elif raises is None and following is not None and following.kind == "output" and (
            not same_output(following, answer["text"].rstrip("\n"))):
        yield f"line {following.line}: {answer['text']}"


def _of_exercise(answers, exercise, before):
    def attempt(code):
        return answers.run({"code": code, "name": "your answer", "before": before, "isCopy": True,
                            "check": exercise.part("check").body,
                            "hints": exercise.part("hints").body}, ignore)

    title = exercise.argument
    if attempt(exercise.part("starter").body)["ok"]:
        yield f"{title}: the starter passes"
    solved = attempt(exercise.part("solution").body)
    if not solved["ok"] or not solved["check"]["passed"]:
        yield f"{title}: the solution fails: {solved['error']}"
    for mistake in (block for block in exercise.blocks if block.kind == "mistake"):
        answer = attempt(mistake.body)
        hint = (answer["check"] or {}).get("hint") or ""
        if answer["ok"] or mistake.argument not in hint:
            yield f"{title}: the mistake {mistake.argument!r}: {hint!r} for {answer['error']}"


def ignore(kind, message):
    """What is shown meanwhile."""
