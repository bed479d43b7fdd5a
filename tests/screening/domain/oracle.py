"""A second, slow and obvious scoring, from the data files and the papers alone.

It shares nothing with the product's code: plain dictionaries in, plain numbers out.
"""

from datetime import timedelta
from fractions import Fraction

PHQ9_ITEM9 = "/44260-8"


def total(instrument, answers):
    """The sum, None unless every scored item has a value."""
    result = 0
    for item in instrument["items"]:
        if item["scored"]:
            value = answers.get(item["link_id"])
            if value is None:
                return None
            result = result + value
    return result


def band(instrument, points):
    """The one band whose lower bound is the greatest that was reached."""
    reached = [b for b in instrument["bands"] if points >= b["min"]]
    reached.sort(key=lambda band: band["min"])
    return reached[-1]["label"]


def phq9_prorated(instrument, answers):
    """Mean substitution for one or two missing items, never for item 9."""
    scored = [item["link_id"] for item in instrument["items"] if item["scored"]]
    missing = [link_id for link_id in scored if answers.get(link_id) is None]
    if len(missing) not in (1, 2) or PHQ9_ITEM9 in missing:
        return None
    given = [answers[link_id] for link_id in scored if link_id not in missing]
    mean = Fraction(sum(given), len(given))
    exact = sum(given) + len(missing) * mean
    hundredths = exact * 100
    whole = hundredths.numerator // hundredths.denominator
    if hundredths - whole >= Fraction(1, 2):
        whole = whole + 1
    return Fraction(whole, 100)


def phq9_algorithm(values):
    """One of major, other, none, from the nine values, as the paper describes it."""
    count = 0
    for value in values[:8]:
        if value in (2, 3):
            count = count + 1
    if values[8] in (1, 2, 3):
        count = count + 1
    if values[0] < 2 and values[1] < 2:
        return "none"
    if count >= 5:
        return "major"
    if count >= 2:
        return "other"
    return "none"


def staffed_minutes(hours, start, end):
    """Staffed minutes between two UTC times, counted one by one on the wall clock."""
    count = 0
    moment = start
    while moment < end:
        if is_staffed(hours, moment):
            count = count + 1
        moment = moment + timedelta(minutes=1)
    return count


def is_staffed(hours, moment):
    """Look at the wall clock and compare it with the sign on the door."""
    local = moment.astimezone(hours.zone)
    if local.date() in hours.holidays:
        return False
    clock = f"{local:%H:%M}"
    for opens, closes in hours.weekly.get(local.weekday(), ()):
        if opens <= clock < closes:
            return True
    return False
