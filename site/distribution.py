"""Packs the built site as the wheel pellucid-play: python site/distribution.py [--out dist].

It holds files alone and no code: `pellucid play` serves them (pellucid/play/site.py finds them).
"""

import argparse
from pathlib import Path

import wheels

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "build" / "site"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    out = parser.parse_args().out
    path, data = pack(BUILT)
    out.mkdir(parents=True, exist_ok=True)
    (out / path).write_bytes(data)
    print(f"{out / path} ({len(data) / 1e6:.1f} MB)")


def pack(built):
    """(name of the wheel, its bytes)."""
    if not (built / "index.html").is_file():            # nothing, or a build that was ended
        raise SystemExit(f"{built} holds no built site: run `make site` first.")
    version = wheels.version_of(ROOT / "pellucid")
    files = {f"pellucid_play/site/{path.relative_to(built).as_posix()}": path.read_bytes()
             for path in sorted(built.rglob("*")) if path.is_file()}
    files["pellucid_play/__init__.py"] = b'"""The built site of pellucid: files."""\n'
    info = f"pellucid_play-{version}.dist-info"
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: pellucid-play\nVersion: {version}\n"
        "Summary: The book and the playground of pellucid, built, for `pellucid play`\n"
        "License: MIT AND MPL-2.0 AND PSF-2.0 AND BSD-3-Clause AND OFL-1.1\n").encode()
    files[f"{info}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    return (f"pellucid_play-{version}-py3-none-any.whl",
            wheels.wheel(files, info, "py3-none-any"))


if __name__ == "__main__":
    main()
