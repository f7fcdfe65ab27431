"""Run every benchmark and print its JSON lines: `make bench`, or `make bench BENCH="claim ingest --full"`.

Each benchmark is a script of this folder that measures itself beside the tool that users would pick otherwise, in one
run, and prints one JSON object a line with the machine named. `--full` runs the long forms too.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    known = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("run", "machine"))
    if unknown := sorted(set(options.names) - set(known)):
        parser.error(f"no benchmark {', '.join(unknown)}; known: {', '.join(known)}")
    failed = []
    for name in options.names or known:
        started = time.monotonic()
        command = [sys.executable, str(HERE / f"{name}.py"), *(["--full"] if options.full else [])]
        code = subprocess.run(command, check=False, cwd=HERE.parent).returncode
        print(f"# {name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"# failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
