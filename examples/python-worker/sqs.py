"""One call to SQS with the standard library: JSON protocol, Signature Version 4, credentials of the environment or of the ECS task."""
import datetime
import hashlib
import hmac
import json
import os
import urllib.parse
import urllib.request

REGION = os.environ.get("AWS_REGION", "us-east-1")
ENDPOINT = os.environ.get("AWS_ENDPOINT_URL_SQS") or os.environ.get("AWS_ENDPOINT_URL") or f"https://sqs.{REGION}.amazonaws.com"


def credentials():
    if "AWS_ACCESS_KEY_ID" in os.environ:
        return os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN")
    uri = "http://169.254.170.2" + os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
    with urllib.request.urlopen(uri, timeout=5) as answer:
        task = json.load(answer)
    return task["AccessKeyId"], task["SecretAccessKey"], task["Token"]


def call(action, parameters):
    body = json.dumps(parameters).encode()
    key, secret, token = credentials()
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "host": urllib.parse.urlsplit(ENDPOINT).netloc,
        "x-amz-date": now,
        "x-amz-target": f"AmazonSQS.{action}",
    }
    if token:
        headers["x-amz-security-token"] = token
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{now[:8]}/{REGION}/sqs/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signing = ("AWS4" + secret).encode()
    for part in (now[:8], REGION, "sqs", "aws4_request", to_sign):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signing.hex()}"
    )
    request = urllib.request.Request(ENDPOINT, body, headers)
    with urllib.request.urlopen(request, timeout=40) as answer:
        return json.loads(answer.read() or b"{}")
