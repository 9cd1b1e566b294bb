"""Compiles tensorflow.proto (needs grpcio-tools): python -m tests.interchange.compile_messages"""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from pellucid.interchange import messages


def compiled():
    """The descriptor set of tensorflow.proto, as bytes."""
    tools = Path(importlib.util.find_spec("grpc_tools").origin).parent
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        # A process of its own: the compiler crashes in one that has loaded TensorFlow.
        subprocess.run([sys.executable, "-m", "grpc_tools.protoc",
                        f"--proto_path={messages.COMPILED.parent}",
                        f"--proto_path={tools / '_proto'}", "--include_imports",
                        f"--descriptor_set_out={out}", "tensorflow.proto"], check=True)
        return out.read_bytes()


if __name__ == "__main__":
    messages.COMPILED.write_bytes(compiled())
