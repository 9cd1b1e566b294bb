"""The two packages that Python finds in the page, as wheels, and the lock file that names them.

NumPy for WebAssembly comes from npm, as a package of conda: its files are laid out as a wheel,
without what a page does not need. pellucid is packed from its sources. The same sources give the
same bytes. Read next: build.py.
"""

import base64
import hashlib
import io
import json
import re
import tarfile
import zipfile

NUMPY_TAG = "cp312-cp312-pyodide_2024_0_wasm32"
SITE_PACKAGES = "lib/python3.12/site-packages/"
DROPPED = ("/tests/", "/f2py/", "/distutils/", "/_pyinstaller/", "/core/include/",
           "/_core/include/", "/doc/", "__pycache__", "/random/lib", "/random/_examples",
           "/random/include", "/_core/lib/")
DROPPED_ENDS = (".pyi", ".pxd", ".a", ".h", ".pyx", "/RECORD")
NOT_IN_THE_PAGE = ("cli/", "play/server.py", "contrib/learn/datasets")


def numpy(package, folder, compiled=None):
    """Writes NumPy's wheel. Returns its entry for the lock file.

    Args:
      compiled: {path of a .pyc: bytes}, which take the place of their sources: nobody reads
        those in a page.
    """
    files, licence = {}, b""
    (archive,) = package.rglob("numpy-*.tar*")
    with tarfile.open(archive) as conda:
        for member in conda.getmembers():
            name = member.name.removeprefix("./")
            if not member.isfile():
                continue
            if name == "info/licenses/LICENSE.txt":
                licence = conda.extractfile(member).read()
            elif name.startswith(SITE_PACKAGES) and _is_kept(name.removeprefix(SITE_PACKAGES)):
                files[name.removeprefix(SITE_PACKAGES)] = conda.extractfile(member).read()
    for name, data in _of("numpy", compiled):
        source = name.replace("/__pycache__/", "/").replace(".cpython-312.pyc", ".py")
        del files[source]
        files[f"{source}c"] = data
    info = next(name for name in files if ".dist-info/" in name).split("/")[0]
    version = info.removeprefix("numpy-").removesuffix(".dist-info")
    files[f"{info}/licenses/LICENSE.txt"] = licence
    name = f"numpy-{version}-{NUMPY_TAG}.whl"
    data = wheel(files, info, NUMPY_TAG)
    (folder / name).write_bytes(data)
    return entry("numpy", version, name, data, [])


def _is_kept(name):
    return not any(part in "/" + name for part in DROPPED) and not name.endswith(DROPPED_ENDS)


def _of(package, compiled):
    return [(name, data) for name, data in (compiled or {}).items()
            if name.startswith(f"{package}/")]


def pellucid(package, folder, compiled=None):
    """Writes the wheel of pellucid for the page, without command line and server.

    `compiled` comes beside the sources, which the page shows.
    """
    files = dict(_of("pellucid", compiled))
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix()
        if path.is_file() and "__pycache__" not in name and not name.startswith(NOT_IN_THE_PAGE):
            files[f"pellucid/{name}"] = path.read_bytes()
    version = version_of(package)
    info = f"pellucid-{version}.dist-info"
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: pellucid\nVersion: {version}\n").encode()
    name = f"pellucid-{version}-py3-none-any.whl"
    data = wheel(files, info, "py3-none-any")
    (folder / name).write_bytes(data)
    return entry("pellucid", version, name, data, ["numpy"])


def version_of(package):
    """pellucid's own version; its __version__ is TensorFlow's."""
    return re.search(r'PELLUCID = "(.*)"', (package / "version.py").read_text())[1]


def wheel(files, info, tag):
    """The bytes of a wheel with these files, {name: bytes}."""
    files = dict(files)
    files[f"{info}/WHEEL"] = (f"Wheel-Version: 1.0\nGenerator: pellucid\nRoot-Is-Purelib: "
                              f"{str(tag.endswith('any')).lower()}\nTag: {tag}\n").encode()
    rows = [f"{name},sha256={_digest(files[name])},{len(files[name])}\n" for name in sorted(files)]
    files[f"{info}/RECORD"] = ("".join(rows) + f"{info}/RECORD,,\n").encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name],
                             zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def _digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def entry(name, version, file, data, depends):
    """What the lock file says of a package. Pyodide checks the hash."""
    return {"name": name, "version": version, "file_name": file, "install_dir": "site",
            "sha256": hashlib.sha256(data).hexdigest(), "package_type": "package",
            "imports": [name], "depends": depends, "unvendored_tests": False,
            "shared_library": False}


def write_lock(original, packages, folder):
    """A lock file with these packages alone, so that Pyodide looks nowhere else."""
    info = json.loads(original.read_text())["info"]
    lock = {"info": info, "packages": {package["name"]: package for package in packages}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1))
