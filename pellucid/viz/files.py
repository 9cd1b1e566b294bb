"""Writing a file so that it is there whole, or not at all."""

import os
from pathlib import Path


def write(path, content):
    """Writes text or bytes to a file.

    They go to a draft beside it, which takes the file's place when it is whole and on disk.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    data = content.encode() if isinstance(content, str) else content
    try:
        with open(draft, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
