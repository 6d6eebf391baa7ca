"""Charts of the numbers: what is drawn, what is said of it, and which list each part leads to."""

from collections.abc import Callable, Mapping, Sequence

from webapp.charts.drawing import HEIGHT, LEFT, Cell, Chart, Mark, Sheet, Tick, round_top, shown
from webapp.charts.service import BurnUp, Charts, Stretch
from webapp.i18n import N_, _, formats, ngettext, pgettext
from webapp.i18n.saying import nN_
from webapp.text import query

# The address of the list that a query finds.
To = Callable[[str], str]
SO_MANY = {
    "created": nN_("%(num)s created, %(span)s", "%(num)s created, %(span)s"),
    "closed": nN_("%(num)s closed, %(span)s", "%(num)s closed, %(span)s"),
    "issues": nN_("%(num)s issues, %(span)s", "%(num)s issues, %(span)s"),
}
LASTED = {"lead": N_("Lead time %(days)s days, %(span)s"), "cycle": N_("Cycle time %(days)s days, %(span)s")}


def traffic(charts: Charts, to: To) -> Chart:
    """Created against closed: two bars for each stretch."""
    sheet = Sheet(len(charts.stretches), round_top([*charts.created, *charts.closed]))
    chart = Chart(
        _("Created and closed"),
        ngettext(
            "%(num)s issues were created and %(closed)s closed.",
            "%(num)s issues were created and %(closed)s closed.",
            sum(charts.created),
            closed=formats.count(sum(charts.closed)),
        ),
        [Mark("", "created", pgettext("issues", "Created")), Mark("", "closed", pgettext("issues", "Closed"))],
        [pgettext("issues", "Created"), pgettext("issues", "Closed")],
        [
            (_span(stretch), [_counted(created, "created", stretch, to), _counted(closed, "closed", stretch, to)])
            for stretch, created, closed in zip(charts.stretches, charts.created, charts.closed, strict=True)
        ],
    )
    for part, (word, numbers) in enumerate((("created", charts.created), ("closed", charts.closed))):
        for at, number in enumerate(numbers):
            stretch = charts.stretches[at]
            says = ngettext(*SO_MANY[word], number, span=_span(stretch))
            if number:
                chart.marks.append(Mark(sheet.bar(at, number, part, 2), word, says, to(_during(word, stretch))))
    return _ruled(chart, sheet, charts.stretches)


def flow(charts: Charts, to: To) -> Chart:
    """Cumulative flow: how many issues were in each status, one above the other, the last status at the bottom."""
    bands = list(reversed(charts.flow))
    sums = [[0] * len(charts.stretches)]
    for band in bands:
        sums.append([one + number for one, number in zip(sums[-1], band.numbers, strict=True)])
    sheet = Sheet(len(charts.stretches), round_top(sums[-1]))
    now = formats.gap().join(
        # Translators: how many issues are in a status, in a list of such.
        _("%(number)s %(status)s", number=formats.count(band.numbers[-1]), status=band.status)
        for band in charts.flow
    )
    at = {band.status: to(f"is:all status:{query.name(band.status)}") for band in bands}
    chart = Chart(
        _("Cumulative flow"),
        _("Issues by status; now %(now)s.", now=now),
        [Mark("", f"band-{index}", band.status, at[band.status]) for index, band in enumerate(charts.flow)],
        [band.status for band in charts.flow],
        [
            (_span(stretch), [Cell(shown(band.numbers[index]), at[band.status]) for band in charts.flow])
            for index, stretch in enumerate(charts.stretches)
        ],
    )
    for index, band in enumerate(bands):
        path = sheet.band(sums[index], sums[index + 1])
        chart.marks.append(Mark(path, f"band-{len(bands) - 1 - index}", band.status, at[band.status]))
    return _ruled(chart, sheet, charts.stretches)


def times(charts: Charts, to: To) -> Chart:
    """Lead and cycle time: a line each through the middle of what was completed in each stretch."""
    both = {"lead": charts.lead, "cycle": charts.cycle}
    known = {name: _known(days) for name, days in both.items()}
    sheet = Sheet(len(charts.stretches), round_top([*known["lead"], *known["cycle"]]))
    chart = Chart(
        _("Lead and cycle time"),
        _half({name: shown(days[-1]) for name, days in known.items() if days}),
        [Mark("", "lead", _("Lead: from opened to done")), Mark("", "cycle", _("Cycle: from begun to done"))],
        [_("Lead, days"), _("Cycle, days")],
        [
            (_span(stretch), [_lasted(days[at], stretch, to) for days in both.values()])
            for at, stretch in enumerate(charts.stretches)
        ],
    )
    for kind, (name, days) in enumerate(both.items()):
        chart.marks.append(Mark(sheet.line(days), f"{name} line"))
        chart.marks += [
            Mark(sheet.point(at, value, kind), name, _took(name, value, stretch), to(_completed(stretch)))
            for at, (stretch, value) in enumerate(zip(charts.stretches, days, strict=True))
            if value is not None
        ]
    return _ruled(chart, sheet, charts.stretches)


def _half(lasted: Mapping[str, str]) -> str:
    """How long what was completed last took; what was begun is known to have been opened."""
    if "cycle" in lasted:
        return _(
            "Half of what was completed last took no longer: lead time %(lead)s days, cycle time %(cycle)s days.",
            **lasted,
        )
    if "lead" in lasted:
        return _("Half of what was completed last took no longer: lead time %(lead)s days.", **lasted)
    return _("Nothing was completed yet.")


def _took(name: str, days: float, stretch: Stretch) -> str:
    return _(LASTED[name], days=shown(days), span=_span(stretch))


def _known(days: Sequence[float | None]) -> list[float]:
    return [one for one in days if one is not None]


def burn_up(numbers: BurnUp, title: str, to: To) -> Chart:
    """What a milestone holds, and what of it is closed: the gap is what is left."""
    sheet = Sheet(len(numbers.stretches), round_top([*numbers.scope, *numbers.done]))
    everything, done = (to(f"{state} milestone:{query.name(title)}") for state in ("is:all", "is:closed"))
    chart = Chart(
        _("Burn-up"),
        _(
            "%(closed)s of %(all)s issues are closed.",
            closed=formats.count(numbers.done[-1]),
            all=formats.count(numbers.scope[-1]),
        ),
        [Mark("", "lead", _("All issues"), everything), Mark("", "cycle", _("Closed issues"), done)],
        [pgettext("issues", "All"), pgettext("issues", "Closed")],
        [
            (_span(stretch), [Cell(shown(scope), everything), Cell(shown(closed), done)])
            for stretch, scope, closed in zip(numbers.stretches, numbers.scope, numbers.done, strict=True)
        ],
    )
    for kind, (name, word, values, at) in enumerate(
        (("lead", "issues", numbers.scope, everything), ("cycle", "closed", numbers.done, done))
    ):
        chart.marks.append(Mark(sheet.line(values), f"{name} line"))
        says = [
            ngettext(*SO_MANY[word], value, span=_span(stretch))
            for value, stretch in zip(values, numbers.stretches, strict=True)
        ]
        points = [sheet.point(index, value, kind) for index, value in enumerate(values)]
        chart.marks += [Mark(point, name, said, at) for point, said in zip(points, says, strict=True)]
    return _ruled(chart, sheet, numbers.stretches)


def _ruled(chart: Chart, sheet: Sheet, stretches: Sequence[Stretch]) -> Chart:
    """With its axes: round numbers at the left, a few dates below."""
    levels = [sheet.top * part / 2 for part in (0, 1, 2)]
    chart.lines = [sheet.level(level) for level in levels]
    chart.ticks = [Tick(shown(level), LEFT - 6, sheet.level(level) + 4) for level in levels]
    every = max(1, -(-len(stretches) // 6))
    chart.dates = [
        Tick(formats.short_day(stretch.first), sheet.left(at + 0.5), HEIGHT - 6)
        for at, stretch in enumerate(stretches)
        if at % every == 0 and (sheet.number - at) * 10 >= sheet.number
    ]
    return chart


def _counted(number: int, word: str, stretch: Stretch, to: To) -> Cell:
    return Cell(shown(number), to(_during(word, stretch)) if number else None)


def _lasted(days: float | None, stretch: Stretch, to: To) -> Cell:
    return Cell("–") if days is None else Cell(shown(days), to(_completed(stretch)))


def _during(word: str, stretch: Stretch) -> str:
    return f"is:all {word}:{stretch.first}..{stretch.last}"


def _completed(stretch: Stretch) -> str:
    return f"is:closed reason:completed closed:{stretch.first}..{stretch.last}"


def _span(stretch: Stretch) -> str:
    first, last = formats.short_day(stretch.first), formats.short_day(stretch.last)
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)
