"""An authority that says when (RFC 3161), by OpenSSL, on this machine."""

import http.server
import subprocess
import threading
from contextlib import contextmanager

_CONFIG = """\
[tsa]
default_tsa = t
[t]
serial = {0}/serial
signer_cert = {0}/own.pem
certs = {0}/chain.pem
signer_key = {0}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""

_MAKE = """
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /O=Clock/CN=Root \
    -addext keyUsage=critical,keyCertSign -keyout root.key -out root.pem
openssl req -newkey rsa:2048 -nodes -subj /O=Clock/CN=Clock -keyout key.pem -out request.pem
printf 'basicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature\\n' > use.txt
printf 'extendedKeyUsage=critical,timeStamping\\nauthorityKeyIdentifier=keyid\\n' >> use.txt
openssl x509 -req -in request.pem -CA root.pem -CAkey root.key -CAcreateserial -days 30 \
    -extfile use.txt -out own.pem
cat own.pem root.pem > chain.pem
echo 01 > serial
"""


@contextmanager
def telling_the_time(folder):
    """Its address, and the file of its certificate."""
    folder.mkdir()
    subprocess.run(_MAKE, shell=True, cwd=folder, check=True, capture_output=True)
    (folder / "ts.cnf").write_text(_CONFIG.format(folder))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked, said = folder / "asked", folder / "said"
            asked.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            words = ["openssl", "ts", "-reply", "-config", folder / "ts.cnf",
                     "-queryfile", asked, "-out", said]  # fmt: skip
            subprocess.run(words, check=True, capture_output=True)
            answer = said.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", folder / "root.pem"
    finally:
        server.shutdown()
        server.server_close()
