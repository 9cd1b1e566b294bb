"""The pure parts of the page's modules, under Node.js: tests/site/units."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.site.conftest import TIME_LIMIT

UNITS = Path(__file__).parent / "units"
MODULES = UNITS.parents[2] / "site" / "node_modules" / "@dagrejs"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
@pytest.mark.parametrize("file", sorted(UNITS.glob("*.test.mjs")), ids=lambda file: file.stem)
def test_modules_of_the_page(file):
    if file.stem.startswith("graph") and not MODULES.exists():
        pytest.skip("the page's packages are not installed: python site/build.py")
    found = subprocess.run(["node", "--test", file], capture_output=True, text=True,
                           timeout=TIME_LIMIT)
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr
