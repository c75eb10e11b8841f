"""An SQS worker without Sluice's runtime, beside its sidecar. Standard library only; with boto3 `sqs.py` falls away."""
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request

from sqs import call

SIDECAR = f"http://127.0.0.1:{os.environ.get('SLUICE_SIDECAR_PORT', '9911')}"
QUEUE = json.loads(os.environ["SLUICE_QUEUES"])[0]
stopping = False


def tell(path, body):
    """Says something to the sidecar. True: yes (200). False: no (409)."""
    request = urllib.request.Request(SIDECAR + path, json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        urllib.request.urlopen(request, timeout=30).close()
        return True
    except urllib.error.HTTPError as error:
        if error.code != 409:
            raise
        return False


def work_on(message):
    attributes = message["Attributes"]
    job = {
        "jobId": message["MessageId"],
        "queue": QUEUE["name"],
        "sentAt": int(attributes["SentTimestamp"]) / 1000,
        "receiveCount": int(attributes["ApproximateReceiveCount"]),
    }
    handle = {"QueueUrl": QUEUE["url"], "ReceiptHandle": message["ReceiptHandle"]}
    if not tell("/jobs/start", job):  # ECS wants this task to stop: the message goes to another one, at once.
        call("ChangeMessageVisibility", {**handle, "VisibilityTimeout": 0})
        time.sleep(5)
        return
    outcome = "failed"
    try:
        time.sleep(float(message["Body"]))  # The work.
        call("DeleteMessage", handle)
        outcome = "done"
    except Exception as error:  # It comes again when its visibility timeout is over.
        print(f"job {job['jobId']} failed: {error}", flush=True)
    finally:
        tell("/jobs/end", {"jobId": job["jobId"], "outcome": outcome})


def stop(*_):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)
tell("/ready", {})
print("ready", flush=True)
while not stopping:
    received = call(
        "ReceiveMessage",
        {
            "QueueUrl": QUEUE["url"],
            "WaitTimeSeconds": int(os.environ.get("WAIT_SECONDS", "10")),
            "MessageSystemAttributeNames": ["SentTimestamp", "ApproximateReceiveCount"],
        },
    )
    for message in received.get("Messages", []):
        work_on(message)
sys.exit(0)
