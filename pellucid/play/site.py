"""Where the built site is: in a checkout, or in the package pellucid-play."""

import importlib.util
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def find():
    """The folder of the built site.

    Raises FileNotFoundError, which says how to get one.
    """
    built = CHECKOUT / "build" / "site"
    if (built / "index.html").is_file():
        return built
    package = importlib.util.find_spec("pellucid_play")
    if package is not None:
        return Path(package.submodule_search_locations[0]) / "site"
    if (CHECKOUT / "site" / "build.py").is_file():
        raise FileNotFoundError("The site is not built yet: run `make play` in this checkout.")
    raise FileNotFoundError("The site is not installed: pip install 'pellucid[play]'.")
