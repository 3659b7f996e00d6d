"""What a good command line does without being told: color, the pager, links, short options."""

import sys

import pytest

from lostsale.app import App


@pytest.mark.parametrize(
    ("settings", "line", "is_colored"),
    [
        ({}, "list", False),  # in a pipe
        ({"FORCE_COLOR": "1"}, "list", True),
        ({"CLICOLOR_FORCE": "1"}, "list", True),
        ({"FORCE_COLOR": "0"}, "list", False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "list", False),
        ({"NO_COLOR": "1"}, "--color always list", True),
        ({"FORCE_COLOR": "1"}, "list --color never", False),
    ],
)
def test_color_comes_as_it_is_asked_for(run, monkeypatch, settings, line, is_colored):
    run("log Acme 12k budget")
    for name, value in ({"TERM": "xterm"} | settings).items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run(line).out) == is_colored


def test_a_color_that_there_is_not_is_refused(refuses):
    assert "auto, always or never" in refuses("list --color blue", 2)


@pytest.mark.parametrize("knows_links", [True, False])
def test_a_terminal_that_knows_links_gets_them_to_call_and_to_mail(
    screen, run, monkeypatch, knows_links
):
    run(["log", "Acme", "12k", "budget", "--contact", "Ana Ruiz 555-0134 ana@example.com"])
    for name in ("WT_SESSION", "VTE_VERSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "WEZTERM_PANE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM_PROGRAM", "vscode" if knows_links else "Apple_Terminal")
    shown = "\n".join(screen("show 1"))
    assert ("\x1b]8;;mailto:ana@example.com\x1b\\ana@example.com\x1b]8;;" in shown) == knows_links
    assert ("\x1b]8;;tel:5550134\x1b\\555-0134\x1b]8;;" in shown) == knows_links
    assert shown.count("\x1b]8;;") == 4 * knows_links  # no day, no amount


@pytest.fixture
def long_list(run, monkeypatch):
    """Show a list that a terminal has no room for; return what isn't left to a pager."""
    for _ in range(6):
        run("log Acme 12k budget --yes")
    monkeypatch.delenv("LESS", raising=False)
    for name, value in (("width", 80), ("height", 5), ("is_interactive", True)):
        monkeypatch.setattr(App, name, property(lambda _, value=value: value))
    return lambda: run("list").out


@pytest.mark.parametrize("quote", ["", '"'])
def test_what_is_longer_than_the_terminal_is_paged(long_list, tmp_path, monkeypatch, quote):
    script = tmp_path / "pager.py"
    script.write_text(
        "import os, pathlib, sys\n"
        "pathlib.Path(__file__).with_name('less').write_text(os.environ['LESS'])\n"
        "pathlib.Path(__file__).with_name('paged').write_bytes(sys.stdin.buffer.read())\n"
    )
    pager = tmp_path / "my pager.bat"
    shell = "@" if sys.platform == "win32" else "#!/bin/sh\n"
    pager.write_text(f'{shell}"{sys.executable}" "{script}"\n')
    pager.chmod(0o700)
    monkeypatch.setenv("PAGER", f"{quote}{pager}{quote}")
    assert long_list() == ""
    assert (tmp_path / "paged").read_text().count("Acme") == 6
    assert (tmp_path / "less").read_text() == "FRXPsq leaves, Space goes on"


@pytest.mark.parametrize("pager", ["", "none-of-that-name", "it's"])
def test_without_a_pager_all_is_printed(long_list, monkeypatch, pager):
    monkeypatch.setenv("PAGER", pager)
    assert long_list().count("Acme") == 6


def test_for_what_fits_no_pager_is_looked_for(long_list, monkeypatch):
    looked_for = []
    monkeypatch.setattr(App, "height", 50)
    monkeypatch.setattr("shutil.which", looked_for.append)
    assert long_list().count("Acme") == 6
    assert looked_for == []


def test_short_options(run):
    assert run("-V").out == run("--version").out
    assert run("stats --csv").lines[0].startswith("section,")
    run("log Acme 12k budget")
    assert run("reasons reread -n").out == run("reasons reread --dry-run").out
