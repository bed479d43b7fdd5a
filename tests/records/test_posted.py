"""A search that was posted: what it asked for is in no address, page after page."""

import json

from tests.records.conftest import make_token, showing
from tests.records.rows import make_clinic, make_patient

BASE = "/fhir/R4"


def following(page):
    found = (one["url"] for one in page["link"] if one["relation"] == "next")
    return next(found, "").removeprefix("http://localhost")


def test_next_links_carry_the_search_sealed(fhir, clinic):
    patients = [
        make_patient(clinic, number="1234567", system=f"urn:oid:{n}") for n in range(3)
    ]
    make_patient(clinic, number="13")
    answer = fhir.post(
        f"{BASE}/Patient/_search",
        "identifier=1234567&_count=1",
        content_type="application/x-www-form-urlencoded",
    )
    page, seen = json.loads(answer.content), []
    links = []
    while True:
        seen += [one["resource"]["id"] for one in page["entry"]]
        if not (link := following(page)):
            break
        links.append(link)
        assert "1234567" not in link
        page = json.loads(fhir.get(link).content)
    assert sorted(seen) == sorted(str(one.id) for one in patients)
    # It opens nothing for another clinic, of another type, or once it was changed.
    other = showing(make_token(make_clinic("South clinic")).secret)
    assert other.get(links[0]).status_code == 400
    assert fhir.get(links[0].replace("/Patient?", "/Task?")).status_code == 400
    assert fhir.get(f"{links[0]}x").status_code == 400
