"""What the reading of a definition takes over, and where it draws the line."""

import copy

import pytest

from screening.domain.instruments import DefinitionError, build
from tests.screening.domain.conftest import SHIPPED, read


def test_build_leaves_its_data_alone(tiny_data):
    before = copy.deepcopy(tiny_data)
    build(tiny_data["instrument"], tiny_data["text"], file="en.json")
    assert tiny_data == before


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("cut",), None),
        (("change",), None),
        (("algorithm",), None),
        (("missing", "max_prorated"), 0),
        (("missing", "decimals"), 0),
        (("cut", "threshold"), 1),
        (("cut", "threshold"), 6),
        (("subscales", 0, "cut", "threshold"), 4),
        (("subscales", 0, "cut", "threshold"), 1),
        (("cut", "sensitivity"), None),
        (("change", "reliable", "points"), 1),
        (("ucum",), "1"),
    ],
)
def test_build_accepts_the_edges(tiny_data, path, value):
    place = tiny_data["instrument"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert build(
        tiny_data["instrument"], tiny_data["text"], file="en.json"
    ).scored_items


def test_safety_item_may_be_imputable_where_nothing_is_prorated(tiny_data):
    missing = tiny_data["instrument"]["missing"]
    missing |= {"max_prorated": 0, "never_impute": []}
    assert build(
        tiny_data["instrument"], tiny_data["text"], file="en.json"
    ).scored_items


def test_half_of_the_items_may_be_prorated():
    folder = SHIPPED / "instruments" / "phq-2"
    scoring = read(folder / "instrument.json")
    scoring["missing"]["max_prorated"] = 1
    assert build(scoring, read(folder / "en.json"), file="en.json").scored_items


def test_triage_carries_its_source(asq):
    assert asq.triage.source.startswith("SPiER-Project/adoption-guide")


def test_a_band_may_hold_a_single_total(tiny_data):
    bands = tiny_data["instrument"]["bands"]
    bands[0]["max"], bands[1]["min"] = 0, 1
    assert build(
        tiny_data["instrument"], tiny_data["text"], file="en.json"
    ).scored_items


def test_answer_list_is_that_of_the_first_item(tiny_data):
    scoring = tiny_data["instrument"]
    scoring["items"][1]["options"] = "hard"
    scoring |= {"bands": [], "bands_source": None, "algorithm": None, "subscales": []}
    with pytest.raises(DefinitionError) as caught:
        build(scoring, tiny_data["text"], file="en.json")
    tiny_data["text"]["checksum"] = caught.value.reason.split()[3].rstrip(";")
    built = build(scoring, tiny_data["text"], file="en.json")
    assert built.answer_list == built.items[0].answer_list == "LL1"
    assert built.items[1].answer_list is None


def test_scoring_and_text_keep_their_own_review(tiny_data):
    review = {"review_state": "reviewed by a clinician"}
    tiny_data["instrument"] |= review | {
        "reviewed_by": "B",
        "reviewed_on": "2026-02-02",
    }
    built = build(tiny_data["instrument"], tiny_data["text"], file="en.json")
    assert (built.reviewed_by, built.reviewed_on) == ("B", "2026-02-02")
    assert built.text_reviewed_by == "A. Reviewer"
    assert built.text_reviewed_on == "2026-01-31"


def test_every_unknown_text_is_named(tiny_data):
    extra = [{"link_id": name, "text": "Extra"} for name in ("y", "z")]
    tiny_data["text"]["items"] += extra
    with pytest.raises(DefinitionError, match="has no such item: y, z$"):
        build(tiny_data["instrument"], tiny_data["text"], file="en.json")


def test_every_unknown_option_is_named(tiny_data):
    extra = [{"value": value, "text": f"Extra {value}"} for value in (3, 4)]
    tiny_data["text"]["options"]["often"] += extra
    with pytest.raises(DefinitionError, match="has no option with value 3, 4$"):
        build(tiny_data["instrument"], tiny_data["text"], file="en.json")
