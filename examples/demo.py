"""The main job: runs the examples, and leaves pictures of what they learned.

    python -m examples.demo --out demo_output

Exit code 0 if every goal was reached, 1 if one was missed, 2 if it could not run.
"""

import argparse
import sys
import time
from pathlib import Path

from examples import affine, perceptron, xor


def main():
    """Runs everything; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="demo_output", type=Path, metavar="FOLDER",
                        help="where the pictures go (default: %(default)s)")
    out = parser.parse_args().out
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"cannot make the folder {str(out)!r}: {error.strerror}")
    try:
        from examples import digits, pictures
    except ModuleNotFoundError as error:
        parser.error(f"the demo needs {error.name}: pip install 'pellucid[demo]'")
    return run(out, digits, pictures)


def run(out, digits, pictures):
    """Trains, draws and reports."""
    start = time.perf_counter()
    print("1. An affine map: z = A x + b for x = [1 2]")
    goals = [(affine.GOAL, affine.main())]

    print("\n2. Two classifiers of points on a plane")
    results = [perceptron.train(), xor.train()]
    for module, result in zip((perceptron, xor), results, strict=True):
        print(result)
        goals.append((module.GOAL, result.accuracy == 1.0))

    print("\n3. Handwritten digits", flush=True)
    read = digits.train()
    print(f"held-out accuracy {read.accuracy:.2%}")
    goals.append((f"{digits.GOAL}: {read.accuracy:.2%}", read.accuracy >= 0.97))

    draw_all(out, pictures, results, read, goals, start)
    for text, reached in goals:
        if not reached:
            print(f"MISSED: {text}", file=sys.stderr)
    return 0 if all(reached for _, reached in goals) else 1


def draw_all(out, pictures, results, read, goals, start):
    """Writes the pictures and the page, and says where they are."""
    import pellucid as tf
    from examples.page import write_page

    z, x = affine.build()
    tf.viz.draw(z, out / "affine.svg")
    tf.viz.draw(read.graph, out / "graph.svg")
    pictures.boundaries(results, out / "boundaries.png")
    pictures.losses(results, read, out / "losses.png")
    pictures.digits_sheet(read, out / "digits.png")
    found = [
        ("affine.svg", "The graph of z = A x + b",
         "Variables are yellow, placeholders blue; what was asked for is green."),
        ("boundaries.png", "What the perceptrons learned",
         "The colour of the plane is the probability of red or blue; on the line, 1/2."),
        ("losses.png", "How they learned it", "The loss of each step of training."),
        ("digits.png", "Handwritten digits",
         "Images that the network had not seen while it learned."),
        ("graph.svg", "The graph that read them",
         "Name scopes are boxes. The gradients and the optimizer's updates are folded."),
    ]
    trace = tf.viz.trace(z, {x: [1.0, 2.0]})
    seconds = time.perf_counter() - start
    write_page(out / "index.html", goals, found, str(trace), seconds)
    print(f"\nDone in {seconds:.1f} s. The pictures are in {out.resolve()}")
    for name, title, _ in [*found, ("index.html", "all of them on one page", "")]:
        print(f"  {name:15} {title}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
