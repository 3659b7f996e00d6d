"""Guessing what an unknown command line was meant to be. Loaded only then, and never suggests a
command that can't be undone."""

from collections.abc import Iterable

from lostsale.errors import BadInput, either, join, nearest

_GONE = "Write undo for the last change, edit 42 --outcome mistake, or forget 42 for good"
_FOR_GOOD = frozenset({"forget", "restore", "merge"})  # nothing takes them back
_SAME = {
    word: command
    for command, words in {
        "log": "add new lose lost",
        "move-on": "rest close moveon",
        "touch": "note call called talked",
        "done": "card sent",
        "stats --save report.html": "report",
        "find": "search grep",
        "due": "next today todo",
        "due --walk": "walk",
        "list": "ls all",
        "no-answer": "noanswer no_answer",
        "edit": "change fix",
        "show": "view open",
    }.items()
    for word in words.split()
}
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"


def command_meant(typed: str, known: Iterable[str], args: list[str]) -> str:
    """Return the command that begins as `typed`, if there is only one. Raises BadInput, which
    names what the line was meant to be."""
    names, plain = list(known), typed.casefold()
    place = args.index(typed) if typed in args else len(args)
    before, rest = args[:place], args[place + 1 :]
    if (whole := "-".join([plain, *rest[:1]])) in names:  # move on
        raise _advised(typed, [*before, whole, *rest[1:]])
    if plain in _SAME:
        raise _advised(typed, [*before, *_SAME[plain].split(), *rest])
    if plain in {"delete", "remove", "rm", "del"}:
        raise BadInput(f'There\'s no "{typed}" command', _GONE)
    beginning = [name for name in names if name.startswith(plain)]
    if len(beginning) == 1 and beginning[0] not in _FOR_GOOD:
        return beginning[0]
    otherwise = "See lostsale --help"
    if beginning:
        otherwise = f"Did you mean {either(beginning)}?"
    elif plain != "help":
        otherwise = nearest(plain, names, otherwise)
    raise BadInput(f'There\'s no "{typed[:40]}" command', otherwise)


def _advised(typed: str, words: list[str]) -> BadInput:
    return BadInput(f'There\'s no "{typed}" command', "You probably want", join(words))


def check_dashes(args: list[str], options: Iterable[str]) -> None:
    """Raise BadInput for an option of these whose two hyphens a word processor made a dash of."""
    known = set(options)
    for place, arg in enumerate(args):
        name, equals, value = arg.partition("=")
        right = f"--{name.lstrip(_DASHES)}"
        if name != right and name[:1] in _DASHES and not name.isascii() and right in known:
            words = [*args[:place], f"{right}{equals}{value}", *args[place + 1 :]]
            raise BadInput(
                f'"{name}" has a dash where {right} has two hyphens', "Write", join(words)
            )
