"""A few leads in the sales pipeline: one that nobody has, one that the setter works, one that the closer has."""
from datetime import timedelta

from dentalogic.lib import clock
from messaging.leads.models import Lead, LeadEvent, Seller
from messaging.models import Conversation

STEPS = {
    "new": (), "contacted": (("taken", "new", "contacted", "setter", "Quiere saber cuánto dura."),),
    "proposal": (
        ("taken", "new", "contacted", "setter", ""),
        ("moved", "contacted", "qualified", "setter", "Ya tiene radiografía y puede venir por la tarde."),
        ("handed", "qualified", "qualified", "setter", "Presentale el plan en cuotas."),
        ("moved", "qualified", "proposal", "closer", "")),
}


def write(*, members, patients):
    roles = {one.role: one for one in members.values() if one.role in ("setter", "closer")}
    sellers = {role: Seller.objects.create(membership=one, created_at=clock.now()) for role, one in roles.items()}
    stranger = Conversation.objects.new_people().exclude(wa_user_id="").first()
    _lead(roles, days_ago=0, stage="new", source="instagram", campaign="Primavera", name=stranger.profile_name,
          conversation=stranger, interest="Ortodoncia")
    _lead(roles, days_ago=2, stage="contacted", source="web", **_who(patients[8]), interest="Blanqueamiento", score=40,
          setter=sellers["setter"])
    _lead(roles, days_ago=5, stage="proposal", source="referral", **_who(patients[3]), interest="Implante", score=85,
          setter=sellers["setter"], closer=sellers["closer"])


def _who(patient):
    talk = Conversation.objects.filter(patient=patient).first()
    return {"name": patient.name, "phone": patient.phone, "patient": patient, "conversation": talk}


def _lead(roles, *, days_ago, stage, **fields):
    since = clock.now() - timedelta(days=days_ago, hours=3)
    steps = STEPS[stage]
    last = since + timedelta(hours=len(steps) / 2)
    lead = Lead.objects.create(
        stage=stage, created_at=since, stage_at=last, handed_at=last if fields.get("closer") else None, **fields)
    LeadEvent.objects.create(lead=lead, kind="created", to_stage="new", at=since)
    for number, (kind, before, after, role, note) in enumerate(steps, 1):
        LeadEvent.objects.create(
            lead=lead, kind=kind, from_stage=before, to_stage=after, note=note, user=roles[role].user, role=role,
            at=since + timedelta(hours=number / 2))
