"""manage.py wordings: the library out to a file, new texts in."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from screening.language import wording
from screening.models import Wording, WordingEvent, WordingSignOff
from tests.cast import Cast, make_cast
from tests.wordings import BAD, ENERGY

EVERY = sum(len(wording.signable(language)) for language in ("en", "es"))
HEAD = "item,language,level,text\n"
GOOD = f'phq-9/44254-1,en,plain,"{ENERGY}"\n'


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize("name", ["library.csv", "library.jsonl"])
def test_export_can_be_imported_and_changes_nothing(cast: Cast, tmp_path, capsys, name):
    path = tmp_path / name
    call_command("wordings", "export", str(path), clinic="Riverside")
    assert f"{EVERY} texts of Riverside" in capsys.readouterr().out
    call_command("wordings", "import", str(path), clinic=str(cast.clinic.id))
    said = f"0 proposed, {EVERY} here already, 0 refused"
    assert said in capsys.readouterr().out
    assert not Wording.objects.exists()


def test_import_proposes_in_nobodys_name_and_names_refused_lines(
    cast: Cast, tmp_path, capsys
):
    path = tmp_path / "new.csv"
    path.write_text(f'{HEAD}{GOOD}phq-9/44254-1,en,plain,"{BAD}"\n', encoding="utf-8")
    with pytest.raises(CommandError, match="refused") as refused:
        call_command("wordings", "import", str(path), clinic="Riverside")
    assert refused.value.returncode == 1
    assert "Line 3: The text does not pass" in capsys.readouterr().err
    assert Wording.objects.get().clinic == cast.clinic
    assert WordingEvent.objects.get(kind="PROPOSED").by is None
    assert not WordingSignOff.objects.exists()


@pytest.mark.parametrize("clinic", ["", "Nowhere", "riverside"])
def test_clinic_has_to_be_clear(cast: Cast, tmp_path, clinic):
    with pytest.raises(CommandError, match="There are: Hillside, Riverside") as error:
        call_command("wordings", "export", str(tmp_path / "x.csv"), clinic=clinic)
    assert error.value.returncode == 2


def test_file_that_is_not_there_is_named(cast: Cast, tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.csv"):
        call_command(
            "wordings", "import", str(tmp_path / "nothing.csv"), clinic="Riverside"
        )
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("wordings", "export", str(tmp_path), clinic="Riverside")
