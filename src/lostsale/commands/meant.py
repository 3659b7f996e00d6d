"""Guessing what an unknown command line was meant to be. Loaded only then, and never suggests a
command that can't be undone."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import Any

from lostsale.app import App
from lostsale.commands import fields, refs
from lostsale.domain.reasons import OTHER
from lostsale.errors import BadInput, LostSaleError, either, join, nearest
from lostsale.journal import queries

_TABLE = Path(__file__).parents[1] / "data" / "meant.txt"
_GONE = "Write undo for the last change, edit {0} --outcome mistake, or forget {0} for good"
_FOR_GOOD = frozenset({"forget", "restore", "merge"})  # nothing takes them back
_LEADING = frozenset("for with about to at the my that from call calling a".split())
_TURNING = ("about", "for", "with")  # behind which the loss is named
_LEAST = 3  # letters of a name that is taken for one
_TYPO = 0.75  # how like a command a word is that is a misspelling of it
_PAIR = 2  # words, which tell of no loss yet
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"


def command_meant(app: App, typed: str, known: Iterable[str], args: list[str]) -> str:
    """Return the command that begins as `typed`, if there is only one. Raises BadInput, which
    names what the line was meant to be."""
    names, plain = list(known), typed.casefold()
    place = args.index(typed) if typed in args else len(args)
    before, rest = args[:place], args[place + 1 :]
    beginning = [name for name in names if name.startswith(plain)]
    otherwise = "See lostsale --help"
    if plain in {"delete", "remove", "rm", "del"}:
        otherwise = _GONE.format(" ".join(rest) or 42)
    elif len(beginning) == 1 and beginning[0] not in _FOR_GOOD and not _said([plain, *rest])[1]:
        return beginning[0]
    elif line := _line(app, names, typed, rest):
        what = f'There\'s no "{typed[:40]}" command'
        raise BadInput(what, "You probably want", join([*before, *line]))
    elif beginning:
        otherwise = f"Did you mean {either(beginning)}?"
    elif plain != "help":
        otherwise = nearest(plain, names, otherwise, _TYPO)
    raise BadInput(f'There\'s no "{typed[:40]}" command', otherwise)


def _line(app: App, names: list[str], typed: str, rest: list[str]) -> list[str]:
    """Return the line that was meant: by its first words, by the loss that it names first, by a day
    or by all that it tells of a new loss; nothing if that isn't clear."""
    if (whole := "-".join([typed.casefold(), *rest[:1]])) in names:  # move on
        return [whole, *rest[1:]]
    words = [typed, *rest]
    meant, count = _said(words)
    with suppress(LostSaleError):  # there may be no journal to look into
        if count < len(words) and (line := _of_day(app, words)):
            return line
        if meant:
            return _filled(app, meant, words[count:])
        if line := _of_loss(app, names, typed, rest):
            return line
        if nearest(typed.casefold(), names, " ", _TYPO) == " ":
            return _of_new(app, words)
    return []


def _of_loss(app: App, names: list[str], typed: str, rest: list[str]) -> list[str]:
    """Return what a line that begins with the name or number of a loss means about it."""
    ref, more = refs.split(app, typed, rest)
    is_number = ref.isdigit() or refs.is_list(ref)
    if not is_number and (len(ref) < _LEAST or not queries.by_name(app.journal, ref, "any")):
        return []
    if more and more[0].casefold() in names:
        return [more[0].casefold(), ref, *more[1:]]
    meant, count = _said(more)
    if "<>" in meant:
        return _filled(app, meant, [ref, *more[count:]])
    has_words = any(word[:1] != "-" for word in more)
    return ["touch" if has_words else "show", ref, *more]


def _of_day(app: App, words: list[str]) -> list[str]:
    """Return the command that lists a day, if that is what words are."""
    with suppress(BadInput):
        fields.read_ahead(app, " ".join(words))
        return ["due", *words]
    return []


def _of_new(app: App, words: list[str]) -> list[str]:
    """Return the command that logs what words tell of a new loss, if they do."""
    from lostsale.commands.sentence import understand

    parts = understand(app, words, app.today).parts
    said = parts.get("said")
    tells = parts.get("money") or parts.get("lost_to") or (said and said.code != OTHER)
    return ["log", *words] if len(words) > _PAIR and tells and "prospect" in parts else []


def _said(words: list[str]) -> tuple[str, int]:
    """Return the command that the most of the first words mean in the table, and how many they
    are."""
    begins = {" ".join(words[:n]).casefold().replace("'", ""): n for n in range(1, len(words) + 1)}
    found = ("", 0)
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        meant, colon, phrases = line.partition(": ")
        counts = [begins[phrase] for phrase in phrases.split("|") if colon and phrase in begins]
        found = max(found, (meant, max(counts, default=0)), key=lambda one: one[1])
    return found


def _filled(app: App, meant: str, rest: list[str]) -> list[str]:
    """Return a command of the table with the rest of a line where it belongs."""
    line = meant.replace("<+>", "<>").split()
    if "<>" not in line:
        return [*line, *rest]
    turn = next((n for n, word in enumerate(rest) if word.casefold() in _TURNING), 0)
    rest = [*rest[turn:], *rest[:turn]]
    while rest and rest[0].casefold() in _LEADING:
        del rest[0]
    if not rest:
        return line[:1]
    ref, more = refs.split(app, rest[0], rest[1:])
    if line[-1] == "...":
        line[-1:], more = [" ".join(more)], []
    line[line.index("<>")] = ref
    return line if line[0] == "show" else [*line, *more]


def option_error(error: Any, name: str, args: list[str], hint: str) -> BadInput:
    """Return what is wrong with an option among arguments, with the line that is right if that is
    clear: with its words behind it, under the name that it has here, as a command or as none."""
    params = error.ctx.command.params if error.ctx else []
    known = [opt for one in params if one.param_type_name == "option" for opt in one.opts]
    place = next((n for n, arg in enumerate(args) if arg.partition("=")[0] == name), 0)
    before, behind = (
        args[:place],
        [*filter(None, args[place].split("=", 1)[1:]), *args[place + 1 :]],
    )
    what, line = f"There's no option {name}", list[str]()
    meant = _said([name.replace("_", "-")])[0] or name.replace("_", "-")
    if type(error).__name__ == "BadOptionUsage":
        needs = "requires" in error.format_message()
        what = f"{name} {'needs a value' if needs else 'takes no value'}"
        if needs and not behind and len(before) > len(("why", "42")):
            line = [*before[:2], name, " ".join(before[2:])]  # why 42 he told me --heard
    elif name[1:2] != "-" and any(one.nargs < 0 for one in params):
        hint = "Words that begin with a hyphen go after --, and options before it: Acme -- -10%"
    elif meant in known:
        words = (
            [*takewhile(lambda word: word[:1] != "-", behind)] if args[0] == "edit" else behind[:1]
        )
        line = [*before, meant, *([" ".join(words)] if words else []), *behind[len(words) :]]
    elif meant == "won":
        line = [meant, *before[1:], *behind]
    elif meant == "--amount" and args[0] in {"log", "won"}:  # behind the name
        turn = behind[:1] if len(before) == 1 else []
        line = [*before, *behind[len(turn) :], *turn]
    else:
        hint = nearest(name, known, hint, 0.7)
    return BadInput(what, "Write" if line else hint, join(line))


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
