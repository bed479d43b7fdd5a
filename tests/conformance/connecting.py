"""Clients that others wrote, against a live server: discovery, token, search, bulk.

Run by path only (make conformance). The server is Django's own for tests, on loopback,
in this process; each client but fhirclient is a process of its own.
"""

import json
import subprocess

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models.observation import Observation
from fhirclient.models.questionnaireresponse import QuestionnaireResponse
from joserfc import jwk

from tests.conformance import parts
from tests.conformance.serving import EACH, FIVE, SCOPES, work_until
from tests.records.conftest import make_token, showing
from tests.records.rows import make_patient
from tests.records.smart.sent import send
from tests.records.smart.signing import assertion, connected, key


def test_fhir_kit_client(base, clinic, tmp_path, tell):
    pair = key("kit")
    file = tmp_path / "key.pem"
    file.write_bytes(pair.as_pem(private=True))
    client = connected(clinic, pair, scopes=SCOPES, name="kit")
    arguments = [base, str(client.id), str(file), "kit", SCOPES]
    told = json.loads(parts.node("kit.mjs", *arguments))
    assert told == {
        "token": 200,
        "statement": "4.0.1",
        "observations": FIVE * EACH,
        "read": "completed",
        "version": True,
        "history": 1,
        "posted": 5,
        "missing": 404,
        "outside": 403,
        "stranger": 401,
    }
    judge = "fhir-kit-client"
    tell(judge, "discovery, ES384 token, 12 pages, read, vread, history", FIVE * EACH)


def test_fhirclient(base, clinic, tell):
    client = connected(clinic, key("py"), scopes=SCOPES, name="py")
    proof = assertion(client, by=key("py"), aud=f"{base}/auth/token")
    asked = {"app_id": str(client.id), "api_base": base, "jwt_token": proof}
    smart = FHIRClient(settings={**asked, "scope": SCOPES})
    smart.wants_patient = False
    smart.prepare()
    smart.authorize()
    found = list(
        Observation.where({"_count": "7"}).perform_resources_iter(smart.server)
    )
    assert len({one.id for one in found}) == FIVE * EACH
    panel = next(one for one in found if one.hasMember)
    response_id = panel.derivedFrom[0].reference.partition("/")[2]
    response = QuestionnaireResponse.read(response_id, smart.server)
    assert response.status == "completed"
    judge = "fhirclient"
    tell(judge, "discovery by the statement, token, 9 pages, read", len(found))


def test_lhc_forms_response_is_taken_in(base, site, clinic, tell):
    """What LHC-Forms made of our form comes back, and adds up to the same here."""
    files = sorted((parts.PLACE / "filled").glob("*.json"))
    assert files, "Run the step rendering first: python -m tests.conformance rendering"
    system = showing(make_token(clinic, ["system/*.cruds"], name="renderer").secret)
    patient = make_patient(clinic, number="shown")
    for file in files:
        # It was filled in from another address of this server.
        text = file.read_text().replace("http://localhost/fhir", f"{site}/fhir")
        sent = json.loads(text)
        sent["subject"] = {"reference": f"Patient/{patient.id}"}
        answer = send(system, sent)
        assert answer.status_code == 201, (file.name, answer.content)
        assert _sums(answer.json()) == _sums(sent)
        again = send(system, sent)
        assert (again.status_code, again.json()["id"]) == (200, answer.json()["id"])
    tell("LHC-Forms", "its responses, taken in and scored the same here", len(files))


def _sums(response):
    return {
        item["linkId"]: one["valueDecimal"]
        for item in response["item"]
        for one in item.get("answer", [])
        if "valueDecimal" in one
    }


@pytest.mark.parametrize("form", ["jwks", "pem"])
def test_smart_fetch(base, clinic, tmp_path, tell, form):
    pair = key("fetch") if form == "jwks" else _named_by_itself()
    client = connected(clinic, pair, scopes=SCOPES, name=form)
    file = tmp_path / f"key.{form}"
    private = {**pair.as_dict(private=True), "alg": "ES384", "key_ops": ["sign"]}
    file.write_bytes(
        json.dumps({"keys": [private]}).encode()
        if form == "jwks"
        else pair.as_pem(private=True)
    )
    folder = tmp_path / "out"
    command = [parts.program("smart-fetch"), "bulk", "--fhir-url", base]
    proof = ["--smart-client-id", str(client.id), "--smart-key", str(file)]
    wanted = ["--type", "Patient,Observation", "--no-compression", str(folder)]
    output = tmp_path / "said.txt"
    with output.open("w") as said:
        ran = subprocess.Popen([*command, *proof, *wanted], stdout=said, stderr=said)
        work_until(ran)
    lines = [
        line
        for path in folder.rglob("*.ndjson")
        for line in path.read_text().splitlines()
        if json.loads(line).get("resourceType") in ("Patient", "Observation")
    ]
    assert ran.returncode == 0, output.read_text()
    assert len(lines) == FIVE + FIVE * EACH, output.read_text()
    judge = "smart-fetch"
    tell(judge, f"discovery, token with a {form} key, $export, files", len(lines))


def _named_by_itself():
    """From a PEM, which holds no kid, this client signs with the key's thumbprint."""
    pem = key("fetch", "RSA").as_pem(private=True)
    thumbprint = jwk.RSAKey.import_key(pem).thumbprint()
    return jwk.RSAKey.import_key(pem, {"kid": thumbprint})
