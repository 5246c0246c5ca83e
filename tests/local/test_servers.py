"""The embedded servers: started once however often one asks, and back after kill -9. Real ones, in a folder of their own."""

import os
import shutil
import signal
import stat

import psutil
import psycopg
import pytest
import redis

from etf.local import folders, secrets
from etf.local.locks import RunLock, ServersInUse
from etf.local.postgres import Postgres
from etf.local.valkey import Valkey

pytestmark = pytest.mark.slow


@pytest.fixture
def postgres(root):
    server = Postgres(root)
    yield server
    server.stop()


@pytest.fixture
def valkey(root):
    server = Valkey(root)
    yield server
    server.stop()


def query(url: str, sql: str):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def server_pid(url: str) -> int:
    """The process that all of this server's connections come from."""
    with psycopg.connect(url) as connection:
        return psutil.Process(connection.info.backend_pid).ppid()


def test_postgres_started_twice_is_one_server(postgres, root):
    url = postgres.start()
    pid = server_pid(url)
    second = Postgres(root)
    assert second.start() == url
    assert server_pid(url) == pid
    second.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    assert postgres.process.wait(10) == 0


def test_postgres_keeps_what_was_committed_when_it_is_killed(postgres):
    url = postgres.start()
    query(url, "create table kept as select 1 as one")
    os.kill(server_pid(url), signal.SIGKILL)
    postgres.process.wait()
    assert Postgres(postgres.root).start() == url
    assert query(url, "select one from kept") == 1


def test_postgres_whose_folder_was_thrown_away_is_replaced(postgres):
    """Somebody empties var/ while a server is still up."""
    url = postgres.start()
    query(url, "create table gone as select 1 as one")
    old = server_pid(url)
    shutil.rmtree(postgres.data)
    Postgres(postgres.root).start()
    postgres.process.wait(30)
    assert server_pid(url) != old
    assert query(url, "select to_regclass('gone')") is None


def test_postgres_is_reached_through_a_private_socket_only(postgres):
    url = postgres.start()
    assert query(url, "show listen_addresses") == ""
    mode = stat.S_IMODE((postgres.run).stat().st_mode)
    assert mode == 0o700
    assert len(str(postgres.run / ".s.PGSQL.5432")) <= 103, "longer than a socket's path may be on macOS"


def test_names_are_folded_and_sorted_alike_everywhere(postgres):
    assert query(postgres.start(), "select lower('ÉÏ') = 'éï'")


def test_stopping_what_does_not_run_is_no_error(postgres, valkey):
    postgres.stop()
    valkey.stop()


def ask(server: Valkey) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(server.socket))


def test_valkey_started_twice_is_one_server(valkey, root):
    url = valkey.start()
    second = Valkey(root)
    assert second.start() == url == f"redis+socket://{valkey.socket}"
    assert second.process is None
    with ask(valkey) as client:
        assert client.info("server")["process_id"] == valkey.process.pid
    second.stop()
    valkey.process.wait(10)


def test_valkey_is_back_after_kill_9_with_what_it_had(valkey, root):
    valkey.start()
    with ask(valkey) as client:
        client.config_set("appendfsync", "always")
        client.set("task", "waiting")
    valkey.process.kill()
    valkey.process.wait()
    again = Valkey(root)
    again.start()
    with ask(again) as client:
        assert client.get("task") == b"waiting"
    again.stop()


def test_a_folder_that_somebody_else_made_is_not_used(tmp_path):
    open_to_all = tmp_path / "etf-folder"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(RuntimeError, match="is not ours"):
        folders.make_own(open_to_all)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises((RuntimeError, FileExistsError)):
        folders.make_own(link)


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = secrets.environment(tmp_path / "secrets.json")
    assert secrets.environment(tmp_path / "secrets.json") == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert secrets.environment(tmp_path / "others.json") != first


def test_one_run_at_a_time_and_the_second_hears_where_the_first_is(tmp_path):
    first, second = RunLock(tmp_path), RunLock(tmp_path)
    assert first.take()
    first.note(" at http://127.0.0.1:8000/")
    assert not second.take()
    assert second.read() == " at http://127.0.0.1:8000/"
    first.file.close()
    assert second.take()
    assert second.read() == ""


def test_only_who_leaves_last_may_stop_the_servers(tmp_path):
    first, second = ServersInUse(tmp_path), ServersInUse(tmp_path)
    assert not first.leave()
    assert second.leave()
