"""Recorded answers through the engine: the CDC's own figures, and bad files."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from core import audit
from core.models import Clinic
from screening.models import Answer, Episode, Flag, Score, Screening

NHANES = Path(__file__).parents[2] / "data" / "nhanes_2017_2018_DPQ_J.csv"
COLUMNS = ",".join(f"DPQ0{number}0" for number in range(1, 10))


@pytest.fixture
def replay(capsys: pytest.CaptureFixture[str]):
    def run(file: Path, *extra: str, columns: str = COLUMNS) -> tuple[int, Any, str]:
        """Return (exit code, the JSON report or None, what was said on stderr)."""
        arguments = [str(file), "--instrument", "phq-9", "--columns", columns]
        code = 0
        try:
            call_command("replay", *arguments, "--json", *extra)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, json.loads(out) if out.strip() else None, err

    return run


def table(folder: Path, *rows: str, header: str = COLUMNS) -> Path:
    path = folder / "answers.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_all_of_nhanes_gives_the_published_figures(replay) -> None:
    code, report, _ = replay(NHANES, "--missing", "7,9", "--dry-run")
    assert code == 0
    assert (report["people"], report["complete"]) == (5533, 5068)
    assert list(report["bands"].values()) == [3772, 837, 292, 124, 43]
    assert report["at_cut"] == 459
    assert report["flags"]["item-9"] == 191
    assert report["safety_item_below_cut"] == 64
    assert report["flags_incomplete"]["item-9"] == 1
    assert report["blank"] == 439
    assert report["refused"] == []


def test_dry_run_needs_no_database(replay) -> None:
    # Without the db mark, a query of any kind fails this test.
    assert replay(NHANES, "--missing", "7,9", "--dry-run", "--limit", "5")[0] == 0


def test_bands_stand_lowest_first(replay) -> None:
    _, report, _ = replay(NHANES, "--missing", "7,9", "--dry-run", "--limit", "9")
    assert list(report["bands"])[0] == "None-minimal"
    assert list(report["bands"])[-1] == "Severe"


@pytest.mark.django_db
def test_stored_people_match_the_dry_run(replay) -> None:
    arguments = ["--missing", "7,9", "--limit", "300"]
    dry = replay(NHANES, *arguments, "--dry-run")[1]
    assert replay(NHANES, *arguments)[1] == dry
    scores = Score.objects.filter(complete=True)
    assert scores.count() == dry["complete"]
    stored = Flag.objects.filter(rule="item-9").count()
    assert stored == dry["flags"]["item-9"] + dry["flags_incomplete"].get("item-9", 0)
    bands = {b: scores.filter(band=b).count() for b in dry["bands"]}
    assert bands == dry["bands"]


@pytest.mark.django_db
def test_stored_people_are_whole(replay) -> None:
    replay(NHANES, "--missing", "7,9", "--limit", "30")
    assert Clinic.objects.get().purpose == "REPLAY"
    screening = Screening.objects.filter(answers__isnull=False).first()
    assert screening is not None
    assert screening.status == "COMPLETED"
    assert audit.verify(f"screening:{screening.id}") == []
    assert set(Answer.objects.values_list("origin", flat=True)) == {"IMPORTED"}


@pytest.mark.django_db
def test_coded_refusal_of_item_9_is_flagged_and_blank_is_not(
    replay, tmp_path: Path
) -> None:
    file = table(tmp_path, "0,0,0,0,0,0,0,0,7", "0,0,0,0,0,0,0,0,", ",,,,,,,,")
    report = replay(file, "--missing", "7,9")[1]
    assert report["flags_incomplete"] == {"item-9-declined": 1}
    assert (report["people"], report["complete"], report["blank"]) == (3, 0, 1)
    assert Episode.objects.count() == 1


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("0.5", "not a whole number"),
        ("x", "not a number"),
        ("4", "takes one of 0, 1, 2, 3"),
        ("-1", "takes one of 0, 1, 2, 3"),
        ("NaN", "not a whole number"),
        ("1e9", "not one of the answers"),
        ("1e999999999", "not one of the answers"),
        ("1" * 5_000, "not one of the answers"),
    ],
)
def test_cell_that_is_no_answer_refuses_its_line_only(
    replay, tmp_path: Path, cell: str, reason: str
) -> None:
    file = table(tmp_path, f"0,0,0,{cell},0,0,0,0,0", "0.0,1,2,3,0,0,0,0,0")
    code, report, _ = replay(file, "--dry-run")
    assert code == 1
    assert (report["people"], report["complete"]) == (1, 1)
    assert report["refused"][0]["line"] == 2
    assert "DPQ040" in report["refused"][0]["reason"]
    assert reason in report["refused"][0]["reason"]


def test_missing_columns_are_named(replay, tmp_path: Path) -> None:
    file = table(tmp_path, "0,0", header="DPQ010,DPQ020")
    code, report, said = replay(file, "--dry-run")
    assert (code, report) == (2, None)
    assert "no column DPQ030" in said


def test_wrong_number_of_columns_is_said(replay) -> None:
    code, _, said = replay(NHANES, "--dry-run", columns="DPQ010,DPQ020")
    assert code == 2
    assert "9 scored items, but 2 columns" in said


@pytest.mark.parametrize(
    ("content", "extra", "sentence"),
    [
        ("A,B,A\n1,0,3\n", [], "two columns A"),
        ("A;B\n0;0\n", [], "commas, not semicolons"),
        ('A,B\n"1,0\n0,0\n', [], "quotation mark"),
        ("", [], "no column A, B"),
        ("A,B\n0,0\n", ["--missing", "1,7"], "1 is an answer of the PHQ-2"),
        ("A,B\n0,0\n", ["--limit", "-1"], "a number from 0 on"),
    ],
)
def test_file_that_cannot_be_trusted_is_refused_whole(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
    extra: list[str],
    sentence: str,
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(content, encoding="utf-8")
    arguments = ["--instrument", "phq-2", "--columns", "A,B", "--dry-run", *extra]
    with pytest.raises(SystemExit) as end:
        call_command("replay", str(file), *arguments)
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


def test_column_named_twice_is_refused(replay) -> None:
    code, _, said = replay(
        NHANES, "--dry-run", columns=COLUMNS.replace("DPQ020", "DPQ010")
    )
    assert code == 2
    assert "DPQ010 was named twice" in said


def test_line_with_too_many_or_too_few_cells_is_refused(replay, tmp_path: Path) -> None:
    file = table(tmp_path, "0," * 9 + "0", "0,0", "0,0,0,0,0,0,0,0,0")
    code, report, _ = replay(file, "--dry-run")
    assert (code, report["people"]) == (1, 1)
    reasons = [refused["reason"] for refused in report["refused"]]
    assert reasons == [
        "10 cells where the header has 9.",
        "2 cells where the header has 9.",
    ]


def test_wrong_encoding_is_said_with_its_line(replay, tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    file.write_bytes((COLUMNS + "\n0,0,0,0,0,0,0,0,0\n\xe9,\n").encode("latin-1"))
    code, _, said = replay(file, "--dry-run")
    assert code == 2
    assert "not UTF-8" in said
    assert "line 3" in said


def test_file_and_instrument_that_do_not_exist_are_said(replay, tmp_path: Path) -> None:
    assert "No such file" in replay(tmp_path / "none.csv", "--dry-run")[2]
    with pytest.raises(SystemExit) as end:
        call_command(
            "replay", str(NHANES), "--instrument", "phq-99", "--columns", COLUMNS
        )
    assert end.value.code == 2
