"""The case to take along: the text to copy, the PDF; each on record, for the right people."""

import json

import pytest
from django.urls import reverse

from core.models import AuditEvent
from screening.models import Administration, Episode
from tests.cast import RULES, Cast, make_flag, signed_in
from tests.clinicians.told import EXPLAINED, PLAIN, told_case
from tests.support.pdf import pages_text, tags

PAGES = ("case-text", "case-text-plain", "case-pdf")
KINDS = {"case-pdf": "CASE_PDF_DOWNLOADED"}


def url(name: str, episode: Episode) -> str:
    return reverse(f"clinicians:{name}", args=[episode.id])


def text_of(cast: Cast, episode: Episode) -> str:
    response = signed_in(cast.alice).get(url("case-text-plain", episode))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_taking_along_is_on_record(cast: Cast, name):
    episode = told_case(cast)
    response = signed_in(cast.bob).get(url(name, episode))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    line = AuditEvent.objects.get(kind=KINDS.get(name, "CASE_TEXT_VIEWED"))
    assert (line.actor_id, line.object_id) == (str(cast.bob.id), str(episode.id))
    assert line.detail == {"role": "CLINICIAN"}


@pytest.mark.parametrize("name", PAGES)
def test_stranger_finds_nothing(cast: Cast, name):
    response = signed_in(cast.charlie).get(url(name, cast.flagged()))
    assert response.status_code == 404


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["ada", "fred", "liv"])
def test_closed_to_other_roles(cast: Cast, name, who):
    response = signed_in(getattr(cast, who)).get(url(name, cast.flagged()))
    assert response.status_code == 403
    assert not AuditEvent.objects.filter(kind__startswith="CASE_").exists()


@pytest.mark.parametrize("name", PAGES)
def test_never_a_post(cast: Cast, name):
    assert signed_in(cast.alice).post(url(name, cast.flagged())).status_code == 405


def test_text_holds_what_a_note_needs(cast: Cast):
    episode = told_case(cast)
    text = text_of(cast, episode)
    number = episode.patient.identifiers.get().value
    first = text.splitlines()[0]
    assert "born 14 Mar 1985" in first
    assert number in first
    for part in (
        "- PHQ-9, Tue 15 Sep 2026, 10:00 (submitted)",
        "PHQ-9: 10 of 27, ",
        "- At or above the cut of 10 (",
        "- All items were answered.",
        "- Since last time: Nothing to compare with",
        "better off dead",
        "Several days (1)",
        "  Before: Not at all (0), Tue 15 Sep 2026, 10:00",
        "- Read with caution: Answered fast: 9 of 10 items",
        "- Thoughts of death or self-harm, raised Tue 15 Sep 2026, 10:00",
        "- Tue 15 Sep 2026, 10:06, Alice Moore: Tried; no answer. Rang twice.",
        "A screening result, not a diagnosis. Owner of the case: Alice Moore.",
    ):
        assert part in text


def test_text_tells_the_difficulty_in_its_own_words(cast: Cast):
    episode = told_case(cast)
    last = Administration.objects.get(screening__flags__episode=episode)
    item = last.instrument.items[-1]
    assert not item.scored
    assert f"- Item {item.number}, “{item.text}”" in text_of(cast, episode)


def test_text_quotes_the_words_that_were_flagged(cast: Cast):
    episode = told_case(cast)
    evidence = json.dumps({"words": ["cannot go on"], "detail": "crisis words"})
    sitting = episode.flags.get().screening
    make_flag(episode, sitting, title="Words of crisis", evidence=evidence)
    assert "- Words of crisis: “cannot go on”, raised" in text_of(cast, episode)


def test_text_without_a_contact_says_so(cast: Cast):
    text = text_of(cast, cast.flagged())
    assert "Contact attempts:\n- None recorded." in text
    assert "PHQ-9: No total, Not submitted, so not scored" in text


def test_box_holds_the_same_text_and_needs_no_script(cast: Cast):
    episode = told_case(cast)
    page = signed_in(cast.alice).get(url("case-text", episode)).content.decode()
    assert "readonly" in page
    assert "PHQ-9: 10 of 27, " in page
    assert url("case-text-plain", episode) in page


def pdf_of(cast: Cast, episode: Episode) -> bytes:
    response = signed_in(cast.alice).get(url("case-pdf", episode))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="case.pdf"'
    assert isinstance(response.content, bytes)
    return response.content


def test_pdf_holds_the_whole_case(cast: Cast):
    episode = told_case(cast)
    pages = pages_text(pdf_of(cast, episode))
    number = episode.patient.identifiers.get().value
    assert len(pages) > 1
    for page in pages:
        assert f"born 14 Mar 1985 · record {number}" in page.splitlines()[0]
    text = " ".join(" ".join(pages).split())
    part = Administration.objects.get(screening__flags__episode=episode)
    for item in part.instrument.items:
        assert " ".join(item.text.split())[:60] in text
    for words in (
        *("10 of 27", "At or above the cut of 10 (", "All items were answered"),
        *(f"rule item-9, version {RULES}", f"Shown beneath: {PLAIN}", EXPLAINED),
        *("“most mornings <b>really</b>”", "Typed, then confirmed by the patient"),
        *("Amended by Bob Stone", "Read with caution. Answered fast"),
        *("Answers offered: Not at all (0)", "Contact attempt: Tried; no answer"),
        *("1 s on the page", "Screening asked for", "Before: Not at all (0)"),
    ):
        assert words in text


def test_pdf_is_tagged_and_says_nothing_of_health_in_its_title(cast: Cast):
    content = pdf_of(cast, told_case(cast))
    assert b"/MarkInfo <</Marked true>>" in content
    assert b"/Lang (en-US)" in content
    assert b"/DisplayDocTitle true" in content
    found = tags(content)
    assert found[0] == "H1"
    assert {"H2", "H3", "P", "BlockQuote"} <= set(found)


def test_pdf_asks_the_database_no_more_than_the_page(
    cast: Cast, django_assert_max_num_queries
):
    episode, client = told_case(cast), signed_in(cast.alice)
    with django_assert_max_num_queries(30):
        client.get(url("case-pdf", episode))
