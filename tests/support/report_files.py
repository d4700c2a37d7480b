"""Made-up reports of the United Nations in each of their layouts, as small PDF files.

``PEOPLE`` is what all of them say: by mission, contributor and kind, men and women.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

PEOPLE = {
    ("UNIFIL", "Côte d'Ivoire", "troops"): (1200, 34),
    ("UNIFIL", "Republic of Korea", "troops"): (240, 10),
    ("UNIFIL", "Republic of Korea", "staff_officers"): (3, 1),
    ("UNMISS", "Japan", "staff_officers"): (4, 1),
    ("UNMISS", "Republic of Korea", "troops"): (250, 12),
    ("UNMISS", "Republic of Korea", "experts_on_mission"): (2, 1),
    ("UNMISS", "Türkiye", "individual_police"): (5, 6),
    ("UNMISS", "United Republic of Tanzania", "formed_police_units"): (100, 40),
}
SHORT = {
    "troops": "Contingent Troops",
    "staff_officers": "Staff Officer",
    "experts_on_mission": "Experts on Mission",
    "individual_police": "Individual Police",
    "formed_police_units": "FPU",
}
COLUMNS = (30.0, 130.0, 250.0, 380.0, 440.0, 500.0)
Row = Sequence[str]  # cells of a line, blank where nothing stands
Ruling = tuple[float, float, float]  # left, right, height from the top


def pdf(pages: Sequence[tuple[Sequence[tuple[float, float, str]], Sequence[Ruling]]]) -> bytes:
    """A PDF of words (left, height from the top, text) and horizontal rulings, page by page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    kids = []
    for words, rulings in pages:
        drawn = []
        for left, height, text in words:
            safe = text.encode("cp1252").replace(b"\\", b"\\\\")
            safe = safe.replace(b"(", b"\\(").replace(b")", b"\\)")
            drawn.append(b"BT /F1 8 Tf %.1f %.1f Td (%s) Tj ET" % (left, 800 - height, safe))
        for left, right, height in rulings:
            drawn.append(b"%.1f %.1f m %.1f %.1f l S" % (left, 800 - height, right, 800 - height))
        stream = b"\n".join(drawn)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    size = len(objects) + 1
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)


def lines(rows: Sequence[Row], columns: Sequence[float] = COLUMNS) -> bytes:
    """A PDF of one page with a line for each row."""
    words = [
        (columns[at], 30.0 + 14.0 * line, text)
        for line, row in enumerate(rows)
        for at, text in enumerate(row)
        if text
    ]
    return pdf([(words, ())])


def _numbers(cells: Sequence[tuple[int, int]]) -> list[str]:
    men, women = sum(m for m, _ in cells), sum(f for _, f in cells)
    return [f"{men:,}", str(women), f"{men + women}"]


def _by_country() -> list[tuple[str, list[tuple[str, list[tuple[str, tuple[int, int]]]]]]]:
    """Contributors with their missions, those with their kinds."""
    order = sorted(PEOPLE, key=lambda cell: (cell[1], cell[0]))
    return [
        (name, [(m, [(k[2], PEOPLE[k]) for k in of]) for m, of in groupby(own, lambda k: k[0])])
        for name, own in groupby(order, lambda k: k[1])
    ]


def _all(missions: list[tuple[str, list[tuple[str, tuple[int, int]]]]]) -> list[tuple[int, int]]:
    return [people for _, kinds in missions for _, people in kinds]


def by_country_2015() -> bytes:
    """January 2015: sums of mission and contributor after their rows, date in words."""
    rows: list[Row] = [("Month of Report : 31-Jul-24",)]
    rows.append(("Country", "UN Mission", "Description", "M", "F", "Totals"))
    for name, missions in _by_country():
        rows.append((name,))
        for mission, kinds in missions:
            for at, (kind, people) in enumerate(kinds):
                rows.append(("", "" if at else mission, SHORT[kind], *_numbers([people])))
            rows.append(("", mission, "", "", "", _numbers([p for _, p in kinds])[2]))
        rows.append((name, "", "", "", "", _numbers(_all(missions))[2]))
    return lines([*rows, ("Page 1 of 1",)])


def by_country_2016() -> bytes:
    """November 2016: countries are numbered, every kind has a row."""
    rows: list[Row] = [("Troops by End of July, 2024",)]
    rows.append(("Country", "Mission", "", "Male", "Female", "Total"))
    words = ("Experts on Mission", "Contingent Troops", "Ind Police", "Formed Police Units")
    kinds_of = ("experts_on_mission", "troops", "individual_police", "formed_police_units")
    for number, (name, missions) in enumerate(_by_country(), start=1):
        rows.append((f"{number} {name}",))
        for mission, kinds in missions:
            rows.append(("", mission))
            told = dict(kinds)
            officers = told.pop("staff_officers", (0, 0))  # they stood among the troops
            troops = told.get("troops", (0, 0))
            told["troops"] = (troops[0] + officers[0], troops[1] + officers[1])
            for word, kind in zip(words, kinds_of, strict=True):
                rows.append(("", "", word, *_numbers([told.get(kind, (0, 0))])))
            rows.append(("", "", "Total for Mission", *_numbers([p for _, p in kinds])))
    rows.append(("Grand Total", "", "", "", "", _numbers(list(PEOPLE.values()))[2]))
    return lines(rows)


def by_country_2017() -> bytes:
    """May 2017: sums by contributor and of everything."""
    rows: list[Row] = [("Staff Officers and Troops 31/07/2024",)]
    rows.append(("Country", "Mission", "POST", "MALE", "FEMALE", "TOTAL"))
    for number, (name, missions) in enumerate(_by_country(), start=1):
        rows.append((f"{number} {name}",))
        for mission, kinds in missions:
            rows.append(("", mission))
            rows += [("", "", SHORT[kind], *_numbers([people])) for kind, people in kinds]
        rows.append(("Total for Country", "", "", *_numbers(_all(missions))))
    return lines([*rows, ("Grand Total", "", "", *_numbers(list(PEOPLE.values())))])


def without_missions_2018() -> bytes:
    """March 2018: contributors and kinds only, numbers a little above their words."""
    words: list[tuple[float, float, str]] = [(30, 30, "Staff Officers and Troops 31/07/2024")]
    titles = ("Country", "Name", "POST", "MALE", "FEMALE", "TOTAL")
    words += [(COLUMNS[at], 45.0, text) for at, text in enumerate(titles)]
    height = 60.0
    for number, (name, missions) in enumerate(_by_country(), start=1):
        words += [(30, height, str(number)), (60, height - 0.7, name)]
        kinds: dict[str, list[tuple[int, int]]] = {}
        for _, own in missions:
            for kind, people in own:
                kinds.setdefault(kind, []).append(people)
        told = [(SHORT[kind], cells) for kind, cells in kinds.items()]
        for text, cells in [*told, ("Total for Country", _all(missions))]:
            height += 20
            words.append((250, height, text))
            words += [(COLUMNS[3 + n], height - 3, v) for n, v in enumerate(_numbers(cells))]
        height += 20
    return pdf([(words, ())])


def flat_2019() -> bytes:
    """September 2019: a row a cell, long names cut off."""
    rows: list[Row] = [
        ("mission", "country", "description", "male", "female", "total", "report_date")
    ]
    for (mission, name, kind), people in PEOPLE.items():
        cut = {"Republic of Korea": "Republic of", "United Republic of Tanzania": "United Republic"}
        rows.append((mission, cut.get(name, name), SHORT[kind], *_numbers([people]), "31/07/2024"))
    return lines(rows, (*COLUMNS, 550))


def kinds_as_columns_2019() -> bytes:
    """October 2019: a column for the men and the women of each kind; no date."""
    kinds = ("experts_on_mission", "troops", "individual_police", "formed_police_units")
    order = (*kinds, "staff_officers")
    titles = [
        f"{word} {sex}" for word in ("UNMEM", "Troops", "UNPOL", "FPU", "MSO") for sex in "MF"
    ]
    columns = (30.0, 110.0, *(200.0 + 38 * n for n in range(10)))
    rows: list[Row] = [("Country", "Mission", *titles)]

    def numbers(told: Sequence[tuple[str, tuple[int, int]]]) -> list[str]:
        sums = {kind: [0, 0] for kind in order}
        for kind, (men, women) in told:
            sums[kind][0] += men
            sums[kind][1] += women
        return [str(n) for kind in order for n in sums[kind]]

    for name, missions in _by_country():
        rows.append((name,))
        rows += [("", mission, *numbers(told)) for mission, told in missions]
        rows.append(("", "Total by Country", *numbers([k for _, own in missions for k in own])))
    rows.append(("", "Grand Total", *numbers([(k[2], p) for k, p in PEOPLE.items()])))
    return lines(rows, columns)


def _by_mission() -> list[tuple[str, list[tuple[str, str, tuple[int, int]]]]]:
    return [
        (mission, [(name, kind, PEOPLE[mission, name, kind]) for _, name, kind in own])
        for mission, own in groupby(PEOPLE, lambda cell: cell[0])
    ]


def by_mission_2019() -> bytes:
    """November 2019: the kind comes last, long names take two lines, the last line counts rows."""
    rows: list[Row] = [("Troops 31/07/2024",)]
    rows.append(("Mission", "Country", "Male", "Female", "Total", "Post"))
    for mission, own in _by_mission():
        rows.append((mission,))
        for name, kind, people in own:
            first, of, rest = name.partition(" of ")
            rows.append(("", f"{first}{' of' if of else ''}", *_numbers([people]), SHORT[kind]))
            rows += [("", rest)] if of else []
        rows.append(("", "", *_numbers([people for _, _, people in own])))
    return lines([*rows, (str(len(PEOPLE)),), ("Page 1 of 1",)])


def by_mission_2021() -> bytes:
    """January 2021: sums stand before their rows."""
    rows: list[Row] = [("and Troops, 31/07/2024",)]
    rows.append(("Mission", "Contributor", "Description", "Male", "Female", "Total"))
    for mission, own in _by_mission():
        rows.append((mission, "", "", *_numbers([people for _, _, people in own])))
        for name, cells in groupby(own, lambda cell: cell[0]):
            kinds = [(kind, people) for _, kind, people in cells]
            rows.append(("", name, "", *_numbers([people for _, people in kinds])))
            rows += [("", "", SHORT[kind], *_numbers([people])) for kind, people in kinds]
    return lines([*rows, ("Grand Total", "", "", *_numbers(list(PEOPLE.values())))])


def without_missions_2023() -> bytes:
    """September 2023: a column for each kind, contributors only, long names on two lines."""
    order = ("experts_on_mission", "formed_police_units", "individual_police")
    kinds = (*order, "staff_officers", "troops")
    titles = ("Experts on", "Formed Police", "Individual", "Staff Officer", "Troops", "Total")
    columns = (30.0, 130.0, 200.0, 270.0, 330.0, 400.0, 450.0, 510.0)
    rows: list[Row] = [("As of : 31/07/2024",), ("Country", *titles, "End Date")]
    rows.append(("", "Mission", "Units", "Police"))
    for name, missions in _by_country():
        sums = dict.fromkeys(kinds, 0)
        for _, own in missions:
            for kind, people in own:
                sums[kind] += sum(people)
        first, of, rest = name.partition(" of ")
        numbers = [str(n) for n in (*sums.values(), sum(sums.values()))]
        rows.append((f"{first}{' of' if of else ''}", *numbers, "31/07/2024"))
        rows += [(rest,)] if of else []
    return lines([*rows, ("Report Generated on: 8/1/2024", "Page 1 of 1")], columns)


def by_mission_today(people: dict[tuple[str, str, str], tuple[int, int]] = PEOPLE) -> bytes:
    """Since February 2021: a contributor stands in the middle of a ruled cell across its kinds."""
    edges = (25.0, 120.0, 237.0, 370.0, 430.0, 490.0, 560.0)
    left = tuple(edge + 2 for edge in edges)
    pages: list[tuple[list[tuple[float, float, str]], list[Ruling]]] = []
    words: list[tuple[float, float, str]] = []
    rulings: list[Ruling] = []
    height = 0.0

    def turn() -> None:
        nonlocal words, rulings, height
        if words:
            words.append((30.0, 780.0, f"Report Generated On: 8/1/2024 Page {len(pages) + 1} of 9"))
            pages.append((words, rulings))
        titles = ("Mission", "Country", "Personnel Type", "Male", "Female", "Total")
        words = [(30.0, 30.0, "As of: 31/07/2024")]
        words += [(left[n], 50.0, text) for n, text in enumerate(titles)]
        rulings, height = [(a, b, 60.0) for a, b in zip(edges, edges[1:], strict=False)], 60.0

    def row(texts: Row) -> None:
        nonlocal height
        words.extend((left[n], height + 12.0, text) for n, text in enumerate(texts) if text)
        height += 20.0

    turn()
    for mission, own in groupby(people, lambda cell: cell[0]):
        cells = list(own)
        row((mission,))
        rulings.extend((a, b, height) for a, b in zip(edges, edges[1:], strict=False))
        for name, group in groupby(cells, lambda cell: cell[1]):
            kinds = [cell[2] for cell in group]
            if height + 20 * len(kinds) > 740:
                turn()
            words.append((left[1], height + 10.0 * len(kinds) + 2.0, name))
            for kind in kinds:
                row(("", "", SHORT[kind], *_numbers([people[mission, name, kind]])))
                rulings.extend((a, b, height) for a, b in zip(edges[2:], edges[3:], strict=False))
            rulings.append((edges[1], edges[2], height))
        row(("Total", mission, "", *_numbers([people[cell] for cell in cells])))
        rulings.extend((a, b, height) for a, b in zip(edges, edges[1:], strict=False))
    row(("Grand Total", "", "", *_numbers(list(people.values()))))
    turn()
    return pdf(pages)


LAYOUTS: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        by_country_2015,
        by_country_2016,
        by_country_2017,
        without_missions_2018,
        flat_2019,
        kinds_as_columns_2019,
        by_mission_2019,
        by_mission_2021,
        without_missions_2023,
        by_mission_today,
    )
}
