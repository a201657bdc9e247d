# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven through its debugging pipe: JSON messages, each with a zero byte at its
end, on descriptors 3 and 4. No library, no port, no driver program."""
import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time

NAMES = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
TIMEOUT_S = 120


def find():
    """Path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class BrowserError(RuntimeError):
    pass


class Browser:
    """With-statement: a browser with a profile of its own that goes away with it."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="xive-chromium-")
        to_child, self.out = (high(fd) for fd in os.pipe())
        self.inp, from_child = (high(fd) for fd in os.pipe())
        self.log = os.path.join(self.folder, "log.txt")
        arguments = [program, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.folder}/profile",
                     "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync", "about:blank"]
        if os.geteuid() == 0:
            arguments.insert(1, "--no-sandbox")  # it refuses to run as root with one
        actions = [(os.POSIX_SPAWN_DUP2, to_child, 3), (os.POSIX_SPAWN_DUP2, from_child, 4),
                   (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                   (os.POSIX_SPAWN_OPEN, 1, self.log, os.O_WRONLY | os.O_CREAT, 0o600),
                   (os.POSIX_SPAWN_DUP2, 1, 2)]
        environment = {**os.environ, "HOME": self.folder}
        self.pid = os.posix_spawn(program, arguments, environment, file_actions=actions, setsid=True)
        os.close(to_child)
        os.close(from_child)
        self.buffer = b""
        self.number = 0
        self.pages = {}  # by session

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.out)
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.inp)
        shutil.rmtree(self.folder, ignore_errors=True)

    def message(self, deadline):
        while b"\0" not in self.buffer:
            if not select.select([self.inp], [], [], max(0, deadline - time.monotonic()))[0]:
                raise BrowserError("no answer from Chromium")
            part = os.read(self.inp, 1 << 20)
            if not part:
                with open(self.log, errors="replace") as log:
                    raise BrowserError("Chromium ended: " + log.read()[-2000:])
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        if "method" in message and message.get("sessionId") in self.pages:
            self.pages[message["sessionId"]].event(message["method"], message["params"])
        return message

    def call(self, method, session=None, **params):
        self.number += 1
        number = self.number
        request = {"id": number, "method": method, "params": params}
        if session:
            request["sessionId"] = session
        view = memoryview(json.dumps(request).encode() + b"\0")
        while view:
            view = view[os.write(self.out, view):]
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            message = self.message(deadline)
            if message.get("id") == number:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']['message']}")
                return message["result"]

    def open(self, path, width=1366, height=768):
        return Page(self, path, width, height)


class Page:
    """A file that is open. `problems` holds errors and warnings of its console, and whatever it asked the
    network for. `seconds` is how long it took until it was there and drawn."""

    def __init__(self, browser, path, width, height):
        self.browser = browser
        self.problems = []
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        begin = time.monotonic()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while not self.eval("document.body && document.body.dataset.ready || ''"):
            if time.monotonic() - begin > TIMEOUT_S or self.problems:
                raise BrowserError(f"{path} does not get ready: {self.problems}")
            time.sleep(0.02)
        self.frame()
        self.seconds = time.monotonic() - begin

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def event(self, method, params):
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.problems.append(str([a.get("value", a.get("description")) for a in params["args"]]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent" and not params["request"]["url"].startswith(("file:", "data:", "blob:")):
            self.problems.append("asked the network for " + params["request"]["url"])

    def eval(self, script):
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True,
                           userGesture=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(f"{script}: {details.get('exception', {}).get('description', details['text'])}")
        return answer["result"].get("value")

    def frame(self):
        """Waits until what has changed is drawn."""
        self.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")

    def key(self, key):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
        more = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes[key],
                      **(more if kind == "keyDown" else {}))
        self.frame()

    def screenshot(self, file, whole=False):
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        write(file, answer["data"])

    def pdf(self, file):
        write(file, self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])


def high(descriptor):
    """Out of the way of 3 and 4."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


def write(file, text):
    with open(file, "wb") as out:
        out.write(base64.b64decode(text))
