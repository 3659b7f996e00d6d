"""Setting up Tab for a shell."""

import os
import sys
from importlib import import_module
from pathlib import Path
from shlex import quote

from lostsale.errors import BadInput

_ZSH_LOADS = "fpath+=({}); autoload -Uz compinit; compinit"
_POWERSHELLS = ("powershell", "pwsh")
_POWERSHELL_LOADS = '. "$PSScriptRoot/lostsale-completion.ps1"'


def _profile(shell: str) -> Path:
    """Return a PowerShell's start file, which it alone knows. Raises BadInput if it doesn't run."""
    from subprocess import run as started

    ask = "[Console]::OutputEncoding = [Text.Encoding]::UTF8; $PROFILE"
    asked = [shell, "-NoProfile", "-Command", ask]
    try:
        told = started(asked, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - a shell
        return Path(told.stdout.strip().splitlines()[-1])
    except (OSError, IndexError):
        raise BadInput(f"{shell} can't be run", "Check that it's installed") from None


def install_completion(shell: str) -> None:
    """Set up Tab for a shell. Raises BadInput."""
    if shell not in {"bash", "zsh", "fish", *_POWERSHELLS}:
        known = "Write bash, zsh, fish, powershell or pwsh"
        raise BadInput(f"There's no completion for {shell[:40]}", known)
    home = Path.home()
    of_zsh = Path(os.environ.get("ZDOTDIR") or home)
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    profile = _profile(shell) if shell in _POWERSHELLS else home
    of_powershell = profile.with_name("lostsale-completion.ps1"), profile, _POWERSHELL_LOADS
    path, start, line = {
        **dict.fromkeys(_POWERSHELLS, of_powershell),
        "bash": (home / ".bash_completions/lostsale.sh", home / ".bashrc", "source {}"),
        "zsh": (of_zsh / ".zfunc/_lostsale", of_zsh / ".zshrc", _ZSH_LOADS),
        "fish": (settings / "fish/completions/lostsale.fish", None, ""),
    }[shell]
    script = import_module("typer.completion").get_completion_script(
        prog_name="lostsale", complete_var="_LOSTSALE_COMPLETE", shell=shell
    )
    if shell in _POWERSHELLS:  # Tab stays what it is everywhere else
        script = script[script.index("$scriptblock") :]
    if shell == "zsh":  # what is loaded at the first Tab should answer it, too
        script += '\n_lostsale_completion "$@"'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{script}\n", encoding="utf-8", newline="\n")  # for Git's bash
    if start:
        added = os.fsencode(line.format(quote(str(path if shell == "bash" else path.parent))))
        with start.open("ab+") as file:  # whatever bytes it holds already
            file.seek(0)
            if added not in file.read():
                file.write(b"\n" + added + b"\n")
    sys.stdout.write(f"Completion is in {path}, for every {shell} that you open from now on\n")
