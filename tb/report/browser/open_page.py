# SPDX-License-Identifier: Apache-2.0
"""Opens a page in headless Chromium and says how long that took. Usage: open_page.py PAGE [SCREENSHOT].
Exit code 1: more than 3 s, or errors on the console; 3: no Chromium."""
import sys
import time

import chromium

BOUND_S = 3


def main(path, screenshot=None):
    program = chromium.find()
    if not program:
        print("no Chromium found (Debian: apt-get install chromium)", file=sys.stderr)
        return 3
    times = []
    for _ in range(3):
        begin = time.monotonic()
        with chromium.Browser(program) as browser:
            page = browser.open(path)
            times.append((page.seconds, time.monotonic() - begin))
            problems = page.problems
            script = page.eval("Number(document.body.dataset.ready)")
            if screenshot:
                page.screenshot(screenshot)
    load, whole = min(times)
    print(f"opened in {load:.2f} s ({whole:.2f} s with the start of Chromium), its script was done after {script / 1000:.2f} s; "
          f"{len(problems)} console errors; best of {len(times)}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or load > BOUND_S else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
