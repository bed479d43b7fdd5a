"""Having wordings proposed, and the library as a file: pages and their refusals."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening import tasks
from screening.language import wording
from screening.models import Wording, WordingRun, WordingSignOff, WordingWork
from tests.cast import Cast, signed_in
from tests.fakes.model_server import ModelServer
from tests.wordings import BAD, ENERGY

RUNS = "/staff/wordings/runs/"
IMPORT = "/staff/wordings/import/"
ASKED = {"instrument": "phq-9", "language": "en", "levels": ["plain", "easy"]}
loopback = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def model(settings, cast: Cast, monkeypatch):
    cast.clinic.ai_enabled = True
    cast.clinic.save()
    monkeypatch.setattr(tasks, "ring", lambda run_id: None)
    with ModelServer("paraphrase") as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.url, "k"
        settings.OPENAI_MODEL, settings.LANGUAGE_ENABLED = "fake", True
        yield server


def test_without_a_model_the_page_says_so_and_starts_nothing(cast: Cast):
    client = signed_in(cast.alice)
    for response in (client.get(RUNS), client.post(RUNS, ASKED)):
        page = response.content.decode()
        assert "No language model is set up here" in page
        assert "Propose wordings</button>" not in page
    assert not WordingRun.objects.exists()


@loopback
def test_clinic_that_switched_the_model_off_starts_nothing(cast: Cast, model):
    cast.clinic.ai_enabled = False
    cast.clinic.save()
    page = signed_in(cast.alice).post(RUNS, ASKED).content.decode()
    assert "does not use a language model" in page
    assert not WordingRun.objects.exists()


@loopback
def test_run_owes_every_question_but_item_9(cast: Cast, model):
    response = signed_in(cast.liv).post(RUNS, ASKED)
    run = WordingRun.objects.get()
    assert response["Location"] == reverse("clinicians:wording-run", args=[run.id])
    assert WordingWork.objects.count() == 2 * 9
    assert "death_or_self_harm" not in set(run.work.values_list("concept", flat=True))
    assert model.requests == []


@loopback
def test_progress_counts_every_text_once_and_stops_renewing(cast: Cast, model):
    client = signed_in(cast.alice)
    client.post(RUNS, {**ASKED, "levels": ["plain"]})
    run = WordingRun.objects.get()
    url = reverse("clinicians:wording-run", args=[run.id])
    before = client.get(url)
    assert "0 of 9 done." in before.content.decode()
    assert 'data-hx-trigger="every 6s"' in before.content.decode()
    assert f'href="{url}">Refresh' in before.content.decode()

    tasks.work_off(run)
    after = client.get(url)
    progress = after.context["progress"]
    assert (progress.settled, progress.passed, progress.refused) == (9, 1, 8)
    assert "data-hx-trigger" not in after.content.decode()
    assert "9 of 9 done" in client.get(RUNS).content.decode()


@loopback
def test_failure_says_why_and_that_it_is_tried_again(cast: Cast, model):
    model.behave("not-schema")
    client = signed_in(cast.alice)
    client.post(RUNS, {**ASKED, "levels": ["plain"]})
    run = WordingRun.objects.get()
    run.work.exclude(concept="energy").update(next_at=None, outcome="FAILED")
    tasks.work_off(run)
    page = client.get(reverse("clinicians:wording-run", args=[run.id]))
    assert "had another form; it is tried again" in page.content.decode()


@loopback
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"instrument": "asq"}, "valid choice"),
        ({"levels": []}, "required"),
        ({"levels": ["hard"]}, "valid choice"),
        ({"instrument": "phq-2", "language": "es-US"}, "not in es-US"),
    ],
)
def test_run_that_cannot_be_is_refused(cast: Cast, model, changes, sentence):
    response = signed_in(cast.alice).post(RUNS, {**ASKED, **changes})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not WordingRun.objects.exists()


@loopback
def test_run_of_another_clinic_is_not_there(cast: Cast, model):
    signed_in(cast.alice).post(RUNS, ASKED)
    run = WordingRun.objects.get()
    url = reverse("clinicians:wording-run", args=[run.id])
    assert signed_in(cast.charlie).get(url).status_code == 404
    assert signed_in(cast.fred).get(url).status_code == 403
    assert (
        "PHQ-9"
        not in signed_in(cast.charlie)
        .get(RUNS)
        .content.decode()
        .partition("Asked for before")[2]
    )


def upload(client, content: bytes):
    return client.post(IMPORT, {"file": SimpleUploadedFile("w.jsonl", content)})


def test_export_comes_as_a_file_and_goes_back_in(cast: Cast):
    every = sum(len(wording.signable(language)) for language in ("en", "es"))
    assert every > 96
    client = signed_in(cast.liv)
    for form in ("csv", "jsonl"):
        response = client.get(reverse("clinicians:export-wordings", args=[form]))
        assert "attachment" in response["Content-Disposition"]
        report = upload(client, response.content).context["report"]
        assert (len(report.known), report.proposed, report.refused) == (every, [], [])
    assert client.get("/staff/wordings/export.exe").status_code == 404


def test_import_proposes_and_says_of_each_line_what_became_of_it(cast: Cast):
    line = {"item": "phq-9/44254-1", "language": "en", "level": "plain"}
    lines = [{**line, "text": ENERGY}, {**line, "text": BAD}]
    content = "\n".join(json.dumps(one) for one in lines).encode()
    page = upload(signed_in(cast.alice), content).content.decode()
    assert "1 proposed. 0 here already. 1 refused." in page
    assert '<th scope="row">2</th>' in page
    row = Wording.objects.get()
    assert row.events.get(kind="PROPOSED").by == cast.alice
    assert not WordingSignOff.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xff\xfe", "not UTF-8"), (b"a" * 1_000_001, "larger than 1 MB")],
)
def test_file_that_cannot_be_read_is_refused(cast: Cast, content, sentence):
    response = upload(signed_in(cast.alice), content)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_export_is_for_reviewers(cast: Cast):
    url = reverse("clinicians:export-wordings", args=["csv"])
    assert signed_in(cast.fred).get(url).status_code == 403
    assert signed_in(cast.charlie).get(url).status_code == 200
