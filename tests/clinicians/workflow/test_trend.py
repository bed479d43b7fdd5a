"""Where points stand: inside the box, later never left of earlier, lower is lower."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinicians.workflow import trend
from screening.definitions import load_all

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
MAXIMUM = 27
GAP = timedelta(days=92)
readings = st.lists(
    st.builds(
        lambda days, total, whole: trend.Reading(
            at=START + timedelta(days=days), total=total, form="1", whole=whole
        ),
        st.integers(0, 2000),
        st.integers(0, MAXIMUM),
        st.booleans(),
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda one: one.at))


def reading(days: int, total: float = 9, **fields: object) -> trend.Reading:
    given = {"at": START + timedelta(days=days), "total": total}
    return trend.Reading(**{"form": "1", "whole": True, **given, **fields})  # type: ignore[arg-type]


@given(readings)
def test_points_stay_inside_and_in_order(found):
    dots = trend.dots(found, maximum=MAXIMUM)
    assert len(dots) == len(found)
    for dot in dots:
        assert trend.LEFT <= dot.x <= trend.WIDTH - trend.RIGHT
        assert trend.TOP <= dot.y <= trend.HEIGHT - trend.BOTTOM
    assert [dot.x for dot in dots] == sorted(dot.x for dot in dots)


@given(st.integers(0, MAXIMUM - 1))
def test_a_lower_total_stands_lower(total):
    assert trend.height_of(total, MAXIMUM) > trend.height_of(total + 1, MAXIMUM)


def test_time_is_real_and_not_one_step_a_visit():
    first, second, third = trend.dots(
        [reading(0), reading(1), reading(100)], maximum=MAXIMUM
    )
    assert second.x - first.x < (third.x - second.x) / 50


def test_single_point_stands_in_the_middle():
    (dot,) = trend.dots([reading(3)], maximum=MAXIMUM)
    assert trend.LEFT < dot.x < trend.WIDTH - trend.RIGHT


def test_only_comparable_points_are_joined():
    one = reading(0)
    assert trend.joined(one, reading(14), max_gap=GAP)
    assert not trend.joined(one, reading(93), max_gap=GAP)
    assert not trend.joined(one, reading(14, whole=False), max_gap=GAP)
    assert not trend.joined(one, reading(14, form="2"), max_gap=GAP)


def test_bands_cover_the_whole_axis_and_do_not_overlap():
    for instrument in load_all().values():
        strips = [
            trend.strip(band.min, band.max, maximum=instrument.maximum)
            for band in instrument.bands
        ]
        if not strips:
            continue
        assert strips[0].y + strips[0].height == trend.height_of(0, instrument.maximum)
        assert strips[-1].y == trend.TOP
        for low, high in zip(strips, strips[1:], strict=False):
            assert abs(high.y + high.height - low.y) < 0.02


def day(days: int) -> datetime:
    return START + timedelta(days=days)


def test_axis_reaches_out_to_events_that_are_near():
    along = trend.axis([day(0), day(50)], [day(-10), day(60), day(500)], reach=GAP)
    assert (along.start, along.end) == (day(-10), day(60))


@given(st.lists(st.integers(-3000, 3000), max_size=8), readings.filter(bool))
def test_points_stay_inside_whatever_events_there_are(events, found):
    along = trend.axis(
        [one.at for one in found], [day(one) for one in events], reach=GAP
    )
    for dot in trend.dots(found, maximum=MAXIMUM, along=along):
        assert trend.LEFT <= dot.x <= trend.WIDTH - trend.RIGHT


def test_events_that_are_close_share_a_label():
    places = [(1, 60.0), (2, 70.0), (3, 200.0)]
    assert [one.text for one in trend.labels(places)] == ["1–2", "3"]


@given(st.lists(st.floats(trend.LEFT, trend.WIDTH - trend.RIGHT), max_size=12))
def test_labels_stay_inside_and_name_every_event(places):
    numbered = list(enumerate(sorted(places), start=1))
    found = trend.labels(numbered)
    for one in found:
        assert trend.LEFT <= one.x <= trend.WIDTH - trend.RIGHT
    ends = [part for one in found for part in one.text.split("–")]
    assert not numbered or (ends[0], ends[-1]) == ("1", str(len(numbered)))
