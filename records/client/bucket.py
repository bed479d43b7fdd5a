"""A bucket that speaks S3 as a storage that a worker can wait for.

Loaded only where RECORDS_STORAGE names a bucket: requirements-objects.txt has what it
needs.
"""

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from storages.backends.s3 import S3Storage

# In seconds, and often: for one request together less than a worker has an export to
# itself, which it renews before each piece.
CONNECT, READ, TRIES = 5, 25, 3
UPLOADED_AT_ONCE = 8 * 1024 * 1024


class BucketStorage(S3Storage):  # type: ignore[misc]
    """Private objects under one prefix, sent in parts one after the other."""

    def get_default_settings(self) -> dict[str, Any]:
        """What every bucket gets, before the options of the settings."""
        own = {
            # Nobody is given an address to an object: files leave through our own.
            "default_acl": None,
            "querystring_auth": True,
            "custom_domain": None,
            "gzip": False,
            "file_overwrite": True,
            # A piece is small; on the disk it would be a record that nobody clears.
            "max_memory_size": 0,
            "transfer_config": TransferConfig(
                multipart_threshold=UPLOADED_AT_ONCE,
                multipart_chunksize=UPLOADED_AT_ONCE,
                use_threads=False,
            ),
            "client_config": Config(
                connect_timeout=CONNECT,
                read_timeout=READ,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                signature_version="s3v4",
                # Many that speak S3 know nothing of the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }
        return {**super().get_default_settings(), **own}
