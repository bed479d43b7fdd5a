"""sekmet as a client of ours: what it makes of the statement, its token, a bulk export.

Run by path only (make conformance). It checks every line of the export as it comes.
"""

import json
import re
import subprocess

from tests.conformance import parts
from tests.conformance.serving import EACH, FIVE, SCOPES, work_until
from tests.records.smart.signing import connected, key

SETTINGS = """\
base_url: http://127.0.0.1:9/fhir
host: 127.0.0.1
data_dir: {folder}
peers:
  clinic:
    base_url: {base}
    auth:
      type: smart
      client_id: "{client}"
      private_key_path: {file}
      kid: peer
      alg: ES384
      scope: {scopes}
"""


def test_sekmet(base, clinic, tmp_path, tell):
    pair = key("peer")
    client = connected(clinic, pair, scopes=SCOPES, name="sekmet")
    file = tmp_path / "key.pem"
    file.write_bytes(pair.as_pem(private=True))
    said = {"base": base, "client": client.id, "file": file, "scopes": SCOPES}
    (tmp_path / "settings.yaml").write_text(SETTINGS.format(folder=tmp_path, **said))
    tested = _run(tmp_path, "peers", "test", "clinic")
    summary = json.loads(tested[tested.index("{") :])
    assert (summary["metadata_status"], summary["fhirVersion"]) == (200, "4.0.1")
    assert summary["token"]["scope"].split() == sorted(SCOPES.split())
    assert "search-type" in summary["resources"]["Observation"]["interactions"]
    wanted = ["--level", "system", "--type", "Patient,Observation", "--poll-max", "1"]
    exported = _run(tmp_path, "bulk", "export", "--peer", "clinic", *wanted)
    assert exported.rstrip().endswith("VALID"), exported
    for kind, count in (("Patient", FIVE), ("Observation", FIVE * EACH)):
        found = rf"{kind} +{count} lines +declared={count} +invalid=0"
        assert re.search(found, exported), exported
    what = "discovery, ES384 token, statement, $export, each line read"
    tell("sekmet", what, FIVE + FIVE * EACH)


def _run(folder, *command):
    output = folder / "said.txt"
    with output.open("w") as said:
        ran = subprocess.Popen(
            [parts.program("sekmet"), *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        work_until(ran)
    return output.read_text()
