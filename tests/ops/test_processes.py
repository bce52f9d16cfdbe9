import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ASK = """
import os, pathlib
from dentalogic.processes import give_way
give_way(7)
group = pathlib.Path("/proc/self/autogroup").read_text().split()
print(os.nice(0), os.sched_getscheduler(0) == os.SCHED_BATCH, group[-1] if group else "none")
"""


def asked(**how):
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True, **how)
    return done.stdout.split()


@pytest.mark.skipif(not os.access("/proc/self/autogroup", os.W_OK), reason="no Linux that weighs sessions")
class TestGiveWay:
    def test_with_a_session_of_its_own_the_session_gives_way_too(self):
        nice, batch, session = asked(start_new_session=True)
        assert (int(nice), batch) == (os.nice(0) + 7, "True")
        assert session == "7"

    def test_a_session_shared_with_others_is_left_as_it_is(self):
        nice, batch, session = asked()
        assert (int(nice), batch) == (os.nice(0) + 7, "True")
        assert session != "7"
