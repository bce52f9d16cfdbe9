from messaging.models.automation import Automation, AutomationLook, AutomationRun, Tap
from messaging.models.channel import Channel
from messaging.models.conversation import Conversation
from messaging.models.desk import CannedReply, ConversationWord, Note
from messaging.models.language_model import LanguageModel, ModelUsage
from messaging.models.media import MediaFile
from messaging.models.merge import Merge
from messaging.models.message import ChatMessage, InboundMessage, MessageStatus
from messaging.models.offer import Offer
from messaging.models.template import Template
from messaging.models.turn import Turn, TurnRound, TurnStep

__all__ = [
    "Automation", "AutomationLook", "AutomationRun", "CannedReply", "Channel", "ChatMessage", "Conversation",
    "ConversationWord", "InboundMessage", "LanguageModel", "MediaFile", "Merge", "MessageStatus", "ModelUsage", "Note",
    "Offer", "Tap", "Template", "Turn", "TurnRound", "TurnStep",
]
