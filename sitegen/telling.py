"""Telling the problems of a build: as many of each code as its reporter wants, and how many more there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from sitegen.catalog import Catalog, problems, sources
from sitegen.catalog.standing import look_for_standing
from sitegen.problems import severity_of
from sitegen.records import Problem, Severity
from sitegen.report import Reporter


def tell_all(catalog: Catalog, reporter: Reporter) -> Counter[Severity]:
    """Tell the problems there are, also those of sources that did not change; their number by severity."""
    look_for_standing(catalog)
    counts = problems.problem_counts(catalog)
    if reporter.most is None:
        _each(problems.all_problems(catalog), reporter)
    else:
        _first(counts, reporter.most, lambda code, most: problems.first_problems(catalog, code, most), reporter)
    _tell_kept(catalog, reporter)
    return _by_severity(counts)


def tell_noted(catalog: Catalog, reporter: Reporter) -> Counter[Severity]:
    """Tell what was noted since; the number by severity."""
    counts = problems.noted_counts(catalog)
    most = counts.total() if reporter.most is None else reporter.most
    _first(counts, most, lambda code, most: problems.noted_problems(catalog, code, most), reporter)
    return _by_severity(counts)


def _first(
    counts: Counter[str], most: int, found: Callable[[str, int], Iterator[Problem]], reporter: Reporter
) -> None:
    for code, count in sorted(counts.items()):
        _each(found(code, most), reporter)
        if count > most:
            reporter.left_out(code, count - most)


def _each(found: Iterable[Problem], reporter: Reporter) -> None:
    for problem in found:
        reporter.problem(problem)


def _tell_kept(catalog: Catalog, reporter: Reporter) -> None:
    for path in sources.kept_by_last_reading(catalog, reporter.most):
        reporter.say(f"articles/{path} could not be read whole; what was last read of it stays in the archive.")
    more = sources.kept_count(catalog) - reporter.most if reporter.most is not None else 0
    if more > 0:
        reporter.say(f"{more:,} more sources could not be read whole; what was last read of them stays in the archive.")


def _by_severity(counts: Counter[str]) -> Counter[Severity]:
    found: Counter[Severity] = Counter()
    for code, count in counts.items():
        found[severity_of(code)] += count
    return found
