"""A real S3 server on this machine, and the plans that batch tests lay into stores."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

BUCKET = "plans-of-places"
KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """moto's server on a free port, with an empty bucket; the environment names it, and is given to pass on."""
    import fsspec
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        environment = {**KEYS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
        with patch.dict(os.environ, environment):
            fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True).mkdir(BUCKET)
            yield environment
    finally:
        server.stop()
