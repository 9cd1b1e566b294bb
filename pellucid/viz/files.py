"""Writing a file so that it is there whole, or not at all."""

import os
from pathlib import Path


def write_text(path, text):
    """Writes text to a file, by way of a draft that takes its place when it is complete."""
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(draft, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
