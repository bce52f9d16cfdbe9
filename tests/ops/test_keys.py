import stat

from dentalogic import keys
from dentalogic.lib.crypto import Ring


def test_made_once_and_kept(tmp_path):
    first = keys.load(tmp_path)
    assert keys.load(tmp_path) == first
    assert set(first) == set(keys.RECIPES)
    assert len(set(first.values())) == len(first)


def test_readable_by_its_owner_only_even_when_it_was_not(tmp_path):
    keys.load(tmp_path)
    path = tmp_path / "secrets.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    keys.load(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_a_person_put_there_stays(tmp_path):
    (tmp_path / "secrets.env").write_text("# mine\nJWT_SECRET=chosen=by=hand\n")
    assert keys.load(tmp_path)["JWT_SECRET"] == "chosen=by=hand"
    assert keys.load(tmp_path)["DJANGO_SECRET_KEY"]


def test_the_vaults_key_opens_the_vault(tmp_path):
    ring = Ring([keys.load(tmp_path)["DENTALOGIC_VAULT_KEYS"]])
    assert ring.open(ring.seal("secreto", belongs_to="7:ycloud"), belongs_to="7:ycloud") == "secreto"
