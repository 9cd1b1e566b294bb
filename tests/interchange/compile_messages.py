"""Compiles tensorflow.proto (needs grpcio-tools): python -m tests.interchange.compile_messages"""

import sys
import tempfile
from pathlib import Path

from pellucid.interchange import messages


def compiled():
    """The descriptor set of tensorflow.proto, as bytes."""
    import grpc_tools
    from grpc_tools import protoc
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        status = protoc.main([
            "protoc", f"--proto_path={messages.COMPILED.parent}",
            f"--proto_path={Path(grpc_tools.__file__).parent / '_proto'}",
            "--include_imports", f"--descriptor_set_out={out}", "tensorflow.proto"])
        if status:
            sys.exit(status)
        return out.read_bytes()


if __name__ == "__main__":
    messages.COMPILED.write_bytes(compiled())
