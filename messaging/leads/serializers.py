from rest_framework import serializers

from messaging.leads.models import Lead, LeadEvent


class LeadOut(serializers.ModelSerializer):
    email = serializers.CharField(read_only=True)  # "" where it is not known
    setter_name = serializers.SerializerMethodField()
    closer_name = serializers.SerializerMethodField()

    class Meta:
        model = Lead
        fields = [
            "id", "source", "campaign", "name", "phone", "email", "interest", "stage", "score", "setter",
            "setter_name", "closer", "closer_name", "conversation", "patient", "lost_reason", "created_at", "stage_at",
            "handed_at", "closed_at",
        ]
        read_only_fields = fields

    def get_setter_name(self, lead) -> str:
        return str(lead.setter) if lead.setter_id else ""

    def get_closer_name(self, lead) -> str:
        return str(lead.closer) if lead.closer_id else ""


class LeadEventOut(serializers.ModelSerializer):
    class Meta:
        model = LeadEvent
        fields = ["id", "kind", "from_stage", "to_stage", "note", "user", "role", "at"]
        read_only_fields = fields


class LeadWithHistoryOut(LeadOut):
    events = LeadEventOut(many=True, read_only=True)

    class Meta(LeadOut.Meta):
        fields = [*LeadOut.Meta.fields, "events"]
        read_only_fields = fields


class LeadQuery(serializers.Serializer):
    stage = serializers.ChoiceField(choices=Lead.Stage.choices, required=False)
    source = serializers.ChoiceField(choices=Lead.Source.choices, required=False)
    show = serializers.ChoiceField(choices=["open", "closed"], required=False)
