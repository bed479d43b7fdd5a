"""Serves one GGUF file as an OpenAI-compatible model on loopback, with one thread.

Started by tools.local_model, which puts the server's package on the path. The key is
read from standard input: a command line can be read by anyone on this machine.
"""

import argparse
import sys
import threading
from pathlib import Path

import xllamacpp

HOST = "127.0.0.1"
# More threads make a model of this size slower beside a web server, not faster.
THREADS = 1
CONTEXT = 4096


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    options = parser.parse_args()
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(options.file)
    wanted.model_alias = {options.name}
    wanted.hostnames = [HOST]
    wanted.port = options.port
    wanted.api_keys = [sys.stdin.read().strip()]
    wanted.n_ctx = CONTEXT
    wanted.n_parallel = 1
    wanted.cpuparams.n_threads = THREADS
    wanted.cpuparams_batch.n_threads = THREADS
    wanted.n_threads_http = 2
    wanted.cache_ram_mib = 64
    wanted.verbosity = 0  # what people ask is nobody's log
    wanted.endpoint_slots = False
    server = xllamacpp.Server(wanted)
    print(f"{options.name} at {server.listening_address}/v1", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
