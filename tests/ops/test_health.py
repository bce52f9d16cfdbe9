import psycopg
import pytest
import redis
from django.conf import settings as product
from django.db import connection

from dentalogic import celery, health


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch):
    monkeypatch.setattr(health, "KEPT_SECONDS", -1)
    with redis.Redis.from_url(product.REDIS_URL) as client:
        client.delete(*(health._key(part) for part in health.PARTS))


@pytest.fixture
def all_alive():
    for part in health.PARTS:
        health.lives(part)


@pytest.fixture
def ask(client):
    def ask():
        answer = client.get("/healthz")
        return answer.status_code, answer.json()["down"]

    return ask


@pytest.mark.django_db
@pytest.mark.usefixtures("all_alive")
class TestHealth:
    def test_all_is_well(self, client):
        answer = client.get("/healthz")
        assert answer.status_code == 200
        parts = {"database": "ok", "cache": "ok", "worker": "ok", "sender": "ok", "beat": "ok"}
        assert answer.json() == {"status": "ok", "down": [], "parts": parts}
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize("part", health.PARTS)
    def test_a_part_that_no_longer_says_that_it_lives(self, ask, part):
        with redis.Redis.from_url(product.REDIS_URL) as client:
            client.delete(health._key(part))
        assert ask() == (503, [part])

    def test_the_database_is_away(self, ask, monkeypatch):
        dead = connection.get_connection_params() | {"host": "127.0.0.1", "port": "1"}
        monkeypatch.setattr(connection, "get_connection_params", lambda: dead)
        assert ask() == (503, ["database"])

    def test_the_cache_is_away_and_only_the_cache_is_blamed(self, ask, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert ask() == (503, ["cache"])

    def test_nothing_secret_in_the_answer(self, client, monkeypatch):
        def refuse(**parameters):
            raise psycopg.OperationalError(f"cannot reach {parameters}")

        monkeypatch.setattr(health.psycopg, "connect", refuse)
        text = client.get("/healthz").content.decode()
        assert connection.settings_dict["USER"] not in text
        assert "127.0.0.1" not in text

    def test_it_is_only_read(self, client):
        assert client.post("/healthz").status_code == 405


def test_a_sign_of_life_fades():
    health.lives("worker")
    with redis.Redis.from_url(product.REDIS_URL) as client:
        assert 0 < client.ttl(health._key("worker")) <= health.FRESH_SECONDS


def test_a_sign_of_life_without_a_cache_breaks_nothing(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    celery.worker_lives()


def test_what_the_schedule_names_exists():
    celery.app.loader.import_default_modules()
    assert {entry["task"] for entry in celery.SCHEDULE.values()} <= set(celery.app.tasks)
