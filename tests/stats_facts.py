"""What a page of `stats` may say, put together from its JSON alone: every fact must stand there,
and no figure beside them."""

import html
import re
from decimal import ROUND_HALF_UP, Decimal

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
KINDS = {
    "why": "ask why",
    "save": "go back",
    "thanks": "send card",
    "referral": "get a name",
    "touch": "call",
    "meet": "meet",
}


def percent(part, whole):
    return f" ({part / whole:.1%})" if whole >= 20 else ""


def share(part, whole):
    return f"{part:,} of {whole:,}{percent(part, whole)}"


def units(amount):
    return int(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))


def money(amounts, column):
    """What a column of sums comes to, in each currency where it isn't nothing."""
    sums = ((units(sums[column]), name) for name, sums in amounts.items() if Decimal(sums[column]))
    return " + ".join(f"{value:,} {name}" for value, name in sums)


def facts(found, *, whole=False, terminal=False, hints=True):
    """Return all that the page of these numbers says, each with single spaces; `terminal`: as on a
    terminal that is wide enough, else as in a pipe; without `hints` no command is named."""
    said = [*head(found), *before(found), *asking(found), *trying(found)]
    said += [*reasons(found, whole=whole), *others(found, whole=whole)]
    years = {row["month"][:4] for row in found["months"]}
    for row in found["months"]:
        name = named(row["month"], with_year=len(years) > 1) if terminal else row["month"]
        back = " early" if row["early"] else percent(row["won_back"], row["lost"])
        counts = f"{row['lost']:,} {row['asked']:,} {row['told']:,} {row['won_back']:,}{back}"
        said.append(f"{name} {counts} {row['won_in_month']:,}")
    said += rest(found) if whole else []
    return said if hints else [unhinted(fact) for fact in said]


def unhinted(fact):
    return re.sub(": (lostsale list .*|--all)$", "", fact) if isinstance(fact, str) else fact


def head(found):
    lost, target = found["lost"], found["target"]
    yield f"{lost:,} lost"
    if not lost:
        return
    back = f"{found['won_back']:,} won back{percent(found['won_back'], lost)}"
    yield ", ".join(filter(None, (back, money(found["amounts"], "won_back"))))
    if lost >= 20:
        to_go = f"{target['to_go']:,} to go" if target["to_go"] else "reached"
        yield f"{target['rate'] * 100:g}% is {target['wins']:,}: {to_go}"


def before(found):
    then = found["previous"]
    if then and then["lost"]:
        won = f"won back {share(then['won_back'], then['lost'])}"
        sums = money(then["amounts"], "won_back")
        yield f"Before ({then['from']} to {then['to']}): {won}{sums and f', {sums}'}"
        change = f"Compared: lost {found['lost'] - then['lost']:+,}"
        change += f", won back {found['won_back'] - then['won_back']:+,}"
        if min(found["lost"], then["lost"]) >= 20:
            points = (found["won_back_rate"] - then["won_back_rate"]) * 100
            change += f" ({points:+.1f} points)"
        for name in sorted({*found["amounts"], *then["amounts"]}):
            now, past = (
                units(sums[name]["won_back"] if name in sums else 0)
                for sums in (found["amounts"], then["amounts"])
            )
            change += f", {now - past:+,} {name}" if now != past else ""
        yield change
    if found["won_in_period"]:
        yield f"Wins made in this time, of any loss: {found['won_in_period']:,}"
    if found["without_amount"]:
        yield f"lost without an amount: {found['without_amount']:,}"


def asking(found):
    if not found["lost"]:
        return
    soon, told_soon = found["asked_within_3_days"], found["told_within_3_days"]
    later = found["asked"] - soon
    yield f"Asked {share(found['asked'], found['lost'])}"
    if soon:
        yield f"within 3 days {soon:,}, told {share(told_soon, soon)}"
    if later:
        yield f"later {later:,}, told {share(found['told'] - told_soon, later)}"
    if found["guess_right"]["of"]:
        yield f"your guess was right {share(*found['guess_right'].values())}"
    if found["not_asked"]:
        label = found["period"]["label"]
        yield f"not asked yet {found['not_asked']:,}: lostsale list {label} --not-asked"


def trying(found):
    tried, won = found["tried"], found["won_back_tried"]
    idle = found["lost"] - tried
    if tried:
        yield "Going back (you pick whom: no proof)"
        yield f"tried {tried:,}, won {share(won, tried)}"
    if tried and idle:
        yield f"not tried {idle:,}, won {share(found['won_back'] - won, idle)}"
    marked, unmarked = found["promises"].values()
    if marked["of"]:
        yield f"Promises kept: {marked['kept']:,} of {marked['of']:,} in their calendar"
    if unmarked["of"]:
        yield f"Promises kept: {unmarked['kept']:,} of {unmarked['of']:,} not in it"
    asked, received = found["referrals"].values()
    if asked or received:
        yield f"Names given: {received:,}, asked for in {asked:,}"


def lost_sums(amounts):
    """The lost of each currency; where it is the usual one alone, here USD, without its name."""
    return " + ".join(
        f"{units(sums['lost']):,}" + ("" if list(amounts) == ["USD"] else f" {name}")
        for name, sums in amounts.items()
    )


def counted(row, *names):
    cells = [f"{row['lost']:,} {row['told']:,}", lost_sums(row["amounts"]), f"{row['won_back']:,}"]
    return " ".join(filter(None, [*names, *cells]))


def reasons(found, *, whole):
    known = [row for row in found["reasons"] if row["code"]]
    for row in known if whole else known[:8]:
        quote = f' "{row["quote"]}"' if row["quote"] else ""
        yield counted(row, row["code"]) + f" {row['weakness'] or '-'}{quote}"
    if len(known) > 8 and not whole:
        yield f"{len(known) - 8} more: --all"
    yield from (
        f"unknown: {row['lost']:,}" for row in found["reasons"] if known and not row["code"]
    )


def others(found, *, whole):
    by = {}
    for row in found["truth"]:
        if row["said"]:
            by.setdefault(row["said"], []).append((row["real"], row["lost"]))
    if whole:
        for said, rows in by.items():
            each = ", ".join(f"{real} {lost:,}" for real, lost in rows)
            yield f"{said} {sum(lost for _, lost in rows):,} {each}"
    most, rows = max(by.items(), key=lambda item: sum(n for _, n in item[1]), default=("", []))
    of = sum(lost for _, lost in rows)
    shown = [row for row in rows if row[0] != "left out"][:2]
    hidden = sum(lost for real, lost in rows if real == "left out")
    shown = [row for place, row in enumerate(shown) if not place or row[1] > hidden]
    if of >= 5 and not whole and shown and shown[0][1] > hidden:
        first, *more = shown
        also = "".join(f", {real} {lost:,}" for real, lost in more)
        yield f"When they say {most}, it was {first[0]} {first[1]:,} of {of:,} times{also}."
    named = [row for row in found["lost_to"] if row["name"] not in {None, "nobody"}]
    nobody = [row for row in found["lost_to"] if row["name"] == "nobody"]
    for row in [*(named if whole else named[:3]), *nobody]:
        yield re.compile(
            rf"{re.escape(row['name'])} {row['lost']:,} \((won back )?{row['won_back']:,}\)"
        )
    if len(named) > 3 and not whole:
        yield f"{len(named) - 3} more: --all"


def named(label, *, with_year):
    year, part = label[:4], label[4:]
    if not part:
        return year
    first = int(part[1:]) * 3 - 3 if part[0] == "q" else int(part[1:]) - 1
    name = f"{MONTHS[first]}\u2013{MONTHS[first + 2]}" if part[0] == "q" else MONTHS[first]
    return f"{name} {year}" if with_year else name


def rest(found):
    for rows in (found["said"], found["signals"]):
        if any(row["code"] for row in rows):
            yield " · ".join(f"{row['code'] or 'nothing noted'} {row['lost']:,}" for row in rows)
    yield from (counted(row, row["weakness"]) for row in found["weaknesses"] if row["weakness"])
    yield from wins(found["wins_by"]) if found["won_back"] else ()
    yield f"Still open {found['still_open']:,} · at rest {found['at_rest']:,}"
    for name, words in (("attempts", "attempts"), ("mistakes", "mistakes, not counted")):
        if found[name]:
            yield f"{words} {found[name]:,}"
    if found["pace"]["lost_a_year"] is not None and found["lost"] >= 20:
        yield f"at this pace {found['pace']['lost_a_year']:,.0f} lost a year"


def wins(by):
    for what, name in (
        ("after a contact", "kind"),
        ("after contacts", "contacts"),
        ("days after the loss", "days"),
        ("of a reason", "reason"),
    ):
        rows = [row for row in by[name] if name != "contacts" or row[name] < 8]
        many = [row for row in by[name] if row not in rows]
        if many:
            won, of = (sum(row[key] for row in many) for key in ("won_back", "of"))
            yield f"{what} 8 or more {share(won, of)}"
        for row in rows:
            label = "unknown" if row[name] is None else KINDS.get(row[name], row[name])
            yield f"{what} {label} {share(row['won_back'], row['of'])}"


def compared(text, said):
    """Return the facts that a text lacks, and what is left of its figures without them."""
    text, missing = " ".join(text.replace("\u00a0", " ").split()), []
    text = re.sub(r", 0 [A-Z]{3}\b(?=$| since)", "", text)  # nothing won back, said as a sum
    for fact in sorted(said, key=lambda fact: -len(getattr(fact, "pattern", fact))):
        pattern = fact if isinstance(fact, re.Pattern) else re.compile(re.escape(fact))
        text, times = re.subn(
            rf"(?<![\w,.+-])(?:{pattern.pattern})(?![\w%]|,\d)", " ", text, count=1
        )
        missing += [] if times else [fact]
    text = re.sub(r"^\S+( to \d+ [A-Z][a-z]{2})? ·", "", text.strip())  # the period itself
    return missing, re.findall(r"\S*\d\S*", text)


def shared_of(found):
    """The numbers without what is personal, as they are saved for others."""
    own = {row["code"] for row in found["reasons"] if row["weakness"] == "personal"}
    hidden = {}
    for row in found["truth"]:
        if row["real"] in own:
            hidden[row["said"]] = hidden.get(row["said"], 0) + row["lost"]
    rows = [{"said": said, "real": "left out", "lost": lost} for said, lost in hidden.items()]
    by = found["wins_by"]
    return {
        **found,
        "reasons": [{**row, "quote": None} for row in found["reasons"] if row["code"] not in own],
        "truth": [row for row in found["truth"] if row["real"] not in own] + rows,
        "weaknesses": [row for row in found["weaknesses"] if row["weakness"] != "personal"],
        "wins_by": {**by, "reason": [row for row in by["reason"] if row["reason"] not in own]},
    }


def words_of(text, ending):
    """What can be read in a saved page, without the title of a picture."""
    if ending == "svg":
        return " ".join(map(html.unescape, re.findall(r"<text[^>]*>(.*?)</text>", text)[1:]))
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", text, flags=re.DOTALL))
