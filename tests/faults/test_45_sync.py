"""What is written is synced through a file that may be written: Windows refuses any other."""

import os
import stat
import sys

import pytest

fcntl = pytest.importorskip("fcntl")


@pytest.fixture
def strict(monkeypatch):
    """Have fsync refuse what was opened for reading, folders apart, as Windows does."""
    sync, synced = os.fsync, []

    def fsync(file):
        if stat.S_ISREG(os.fstat(file).st_mode):
            if fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
                raise OSError(9, "Bad file descriptor")
            synced.append(file)
        sync(file)

    monkeypatch.setattr("os.fsync", fsync)
    return synced


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does so by itself")
def test_45_a_journal_a_backup_and_an_export_are_made_where_only_writers_may_sync(
    run, strict, tmp_path
):
    run("log Acme 12k budget")
    run(f"backup {tmp_path / 'copy.db'}")
    run(f"export {tmp_path / 'losses.json'}")
    run(f"stats --save {tmp_path / 'page.html'}")
    run(f"restore {tmp_path / 'copy.db'} --yes")
    assert len(strict) >= 4
