"""Open the book and its playground in the browser.

    pellucid play
    pellucid play --port 8000 --no-browser

The site is served on this machine alone (127.0.0.1) and needs no network: Python itself runs in
the page. It comes with `pip install 'pellucid[play]'`; in a checkout, `make play` builds it.
"""

import sys


def add_arguments(parser):
    """Where to serve."""
    parser.add_argument("--port", type=int, default=0, metavar="N",
                        help="serve on this port; any free one where left out")
    parser.add_argument("--no-browser", action="store_true", help="print the address alone")


def run(arguments):
    """Serves until Ctrl-C; returns the exit code."""
    from pellucid.play import server, site

    try:
        server.play(site.find(), arguments.port, browser=not arguments.no_browser)
    except OSError as error:
        print(f"pellucid play: {error}", file=sys.stderr)
        return 1
    return 0
