import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest
import redis

from dentalogic import embedded
from dentalogic.processes import birth

pytestmark = pytest.mark.crash


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            answer = connection.execute(statement)
        return answer.fetchall() if answer.description else None


def test_the_two_roles_and_what_they_may(servers):
    urls = servers().urls()
    who = "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert run(urls["DATABASE_URL"], who) == [("dentalogic_app", False, False, False)]
    assert run(urls["DATABASE_OWNER_URL"], who) == [("dentalogic_owner", False, True, True)]
    owned = "SELECT count(*) FROM pg_class WHERE relowner = 'dentalogic_app'::regrole"
    assert run(urls["DATABASE_URL"], owned) == [(0,)]
    run(urls["DATABASE_OWNER_URL"], *(f"CREATE EXTENSION {name}" for name in ("btree_gist", "pg_trgm", "unaccent")))


def test_only_loopback_and_only_with_the_password(servers):
    urls = servers().urls()
    nobody = urls["DATABASE_URL"].replace(urls["DATABASE_URL"].split(":")[2].split("@")[0], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(nobody)
    assert run(urls["DATABASE_OWNER_URL"], "SHOW listen_addresses") == [("127.0.0.1",)]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(urls["REDIS_URL"].rpartition(":")[2].partition("/")[0])).ping()


def test_what_was_committed_survives_kill_9_of_both(servers):
    running = servers()
    urls = running.urls()
    run(urls["DATABASE_OWNER_URL"], "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)")
    redis.Redis.from_url(urls["REDIS_URL"]).set("kept", "7")
    for server in running.each():
        os.kill(server.program.pid, signal.SIGKILL)
    while any(server.alive() for server in running.each()):
        time.sleep(0.05)
    for server in running.each():
        server.start()
    assert running.urls() == urls
    assert run(urls["DATABASE_OWNER_URL"], "SELECT id FROM kept") == [(7,)]
    assert redis.Redis.from_url(urls["REDIS_URL"]).get("kept") == b"7"


def test_the_ports_and_passwords_stay_over_a_restart(servers):
    first = servers()
    urls = first.urls()
    first.stop()
    assert servers().urls() == urls


def test_a_stale_lock_with_another_programs_number(servers, data):
    first = servers(valkey=False)
    run(first.urls()["DATABASE_OWNER_URL"], "CREATE TABLE kept (id int)")
    os.kill(first.postgres.program.pid, signal.SIGKILL)
    first.postgres.program.stop()
    first.stop()
    lock = data / "postgres" / "cluster" / "postmaster.pid"
    foreign = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        lines = lock.read_text().splitlines() if lock.exists() else ["", *["0"] * 7]
        lock.write_text("\n".join([str(foreign.pid), *lines[1:]]) + "\n")
        (data / "run").mkdir(exist_ok=True)
        (data / "run" / "postgres.json").write_text(json.dumps({"pid": foreign.pid, "birth": "another life"}))
        assert run(servers(valkey=False).urls()["DATABASE_OWNER_URL"], "SELECT count(*) FROM kept") == [(0,)]
        assert foreign.poll() is None, "a program that is not ours was ended"
    finally:
        foreign.kill()
        foreign.communicate()


def test_one_of_them_alone_or_none(servers):
    assert list(servers(postgres=False).urls()) == ["REDIS_URL"]


def test_a_data_folder_has_one_user_at_a_time(servers, data):
    servers(postgres=False)
    with pytest.raises(embedded.DataInUse, match=f"in use by process {os.getpid()}"):
        embedded.Servers(data)


STARTER = """
    import sys, time
    from pathlib import Path
    from dentalogic import embedded
    servers = embedded.Servers(Path(sys.argv[1]), say=lambda line: None).start()
    print(*(server.program.pid for server in servers.each()), flush=True)
    time.sleep(600)
"""


def test_the_servers_end_with_who_started_them_and_the_next_start_recovers(servers, data):
    starter = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(STARTER), str(data)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    )
    pids = [int(pid) for pid in starter.stdout.readline().split()]
    starter.kill()
    starter.communicate()
    servers()
    assert not any(map(birth, pids))


def test_its_secrets_are_for_its_owner_only(servers, data):
    servers(postgres=False)
    assert stat.S_IMODE((data / "secrets.env").stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "valkey" / "valkey.conf").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that PostgreSQL's account cannot reach")
def test_under_root_in_a_closed_folder_nothing_above_is_opened(data):
    home = data / "closed"
    home.mkdir(mode=0o700)
    servers = embedded.Servers(home / "data", say=lambda line: None, valkey=False)
    try:
        assert run(servers.start().urls()["DATABASE_OWNER_URL"], "SELECT 1") == [(1,)]
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        outside = (home / "data" / "postgres").resolve()
        assert outside.owner() != "root"
        assert stat.S_IMODE(outside.stat().st_mode) == 0o700
    finally:
        servers.remove()
    assert not outside.exists()
