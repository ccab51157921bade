"""What stands in front of the page's bucket, as the deployed distribution describes it: its function runs on every
request, its headers are on every answer, and what isn't in the bucket is a 404. The emulator keeps distributions and
doesn't serve them."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from shop.stack import HANG_SECONDS

RUN_FUNCTION = """
const lines = require('node:readline').createInterface({ input: process.stdin });
let handler;
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.code) handler = new Function(`${message.code}\\nreturn handler;`)();
  else console.log(JSON.stringify(handler(message)));
});
"""


class Front:
    """A distribution on a port of this machine. It serves nothing until it is told what."""

    def __init__(self):
        front = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                front.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_port}"
        self.function = subprocess.Popen(
            ["node", "-e", RUN_FUNCTION], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._turn = threading.Lock()
        self.headers: dict[str, str] = {}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, settings: dict, outputs: dict[str, str], elsewhere: dict[str, str]):
        """Reads the distribution back. `elsewhere`: what stands for AWS's own addresses on this machine."""
        self.s3, self.bucket = boto3.client("s3", **settings), outputs["SiteBucket"]
        cloudfront = boto3.client("cloudfront", **settings)
        config = cloudfront.get_distribution_config(Id=outputs["DistributionId"])["DistributionConfig"]
        behavior = config["DefaultCacheBehavior"]
        (association,) = behavior["FunctionAssociations"]["Items"]
        assert association["EventType"] == "viewer-request"
        name = association["FunctionARN"].rsplit("/", 1)[1]
        code = cloudfront.get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode()
        self._tell({"code": code})
        policy = cloudfront.get_response_headers_policy(Id=behavior["ResponseHeadersPolicyId"])
        self.headers = self._headers(policy["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"])
        for address, here in elsewhere.items():
            assert address in self.headers["Content-Security-Policy"], (address, self.headers)
            policy = self.headers["Content-Security-Policy"].replace(address, here)
            # Nothing here speaks TLS.
            self.headers["Content-Security-Policy"] = policy.removesuffix("; upgrade-insecure-requests")

    @staticmethod
    def _headers(config: dict) -> dict[str, str]:
        security = config["SecurityHeadersConfig"]
        headers = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
        # Strict-Transport-Security would lock a browser out of this machine's plain HTTP, and is ignored there anyhow.
        return headers | {
            "Content-Security-Policy": " ".join(security["ContentSecurityPolicy"]["ContentSecurityPolicy"].split()),
            "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        }

    def _tell(self, message: dict):
        self.function.stdin.write(json.dumps(message) + "\n")
        self.function.stdin.flush()

    def _rewritten(self, uri: str) -> str:
        with self._turn:
            self._tell({"request": {"uri": uri, "method": "GET", "querystring": {}, "headers": {}}})
            return json.loads(self.function.stdout.readline())["uri"]

    def answer(self, request: BaseHTTPRequestHandler):
        key = self._rewritten(request.path.split("?")[0]).removeprefix("/") if self.headers else ""
        try:
            found = self.s3.get_object(Bucket=self.bucket, Key=key)
            status, body, kept = 200, found["Body"].read(), found["ResponseMetadata"]["HTTPHeaders"]
        except Exception:  # noqa: BLE001: whatever it is, there is no such file
            status, body, kept = 404, b"", {}
        request.send_response(status)
        for name in ("content-type", "cache-control", "content-encoding", "etag"):
            if name in kept:
                request.send_header(name, kept[name])
        for name, value in self.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.function.stdin.close()
        self.function.wait(timeout=HANG_SECONDS)
