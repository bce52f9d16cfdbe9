"""The only caller of a model: chat completions of any server that speaks OpenAI's protocol."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from functools import lru_cache

import openai
from django.conf import settings

from clinics import tenancy, vault

KEY_IN_VAULT = "openai.api_key"


class Unavailable(Exception):
    """No answer to be had from the model: a fault, a refusal, or too late."""


@dataclass(frozen=True)
class Access:
    key: str
    base_url: str
    model: str


@dataclass(frozen=True)
class Said:
    text: str
    calls: list  # of (id, name, arguments as a JSON string)
    message: dict  # as it goes back into the talk
    tokens: int


@tenancy.atomic
def configured() -> Access | None:
    key = vault.get(KEY_IN_VAULT, purpose="model", legacy="OPENAI_API_KEY")
    return Access(key, settings.OPENAI_BASE_URL, settings.OPENAI_MODEL) if key else None


@lru_cache(maxsize=16)
def _client(key: str, base_url: str) -> openai.OpenAI:
    return openai.OpenAI(api_key=key, base_url=base_url, max_retries=1, timeout=settings.MODEL_TIMEOUT)


def tool_schema(tool) -> dict:
    return openai.pydantic_function_tool(tool.arguments, name=tool.name, description=tool.description)


def complete(access: Access, *, talk: list[dict], tools: list[dict], deadline: float, who: str) -> Said:
    """One call. ``deadline`` is of `time.monotonic`; past it, or on any fault, Unavailable."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unavailable("deadline")
    timeout = min(settings.MODEL_TIMEOUT, left)
    client = _client(access.key, access.base_url).with_options(
        timeout=timeout, max_retries=1 if left > 2 * timeout else 0
    )
    try:
        answer = client.chat.completions.create(
            model=access.model, messages=talk, tools=tools, parallel_tool_calls=False, safety_identifier=_who(who)
        )
        return _said(answer)
    except openai.OpenAIError as fault:
        raise Unavailable(type(fault).__name__) from fault
    except (AttributeError, IndexError, TypeError, ValueError) as fault:
        raise Unavailable("malformed answer") from fault


def _said(answer) -> Said:
    message = answer.choices[0].message
    calls = [(call.id, call.function.name, call.function.arguments) for call in message.tool_calls or []]
    back = {"role": "assistant", "content": message.content}
    if calls:
        back["tool_calls"] = [
            {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
            for call_id, name, arguments in calls
        ]
    return Said(message.content or "", calls, back, answer.usage.total_tokens if answer.usage else 0)


def _who(text: str) -> str:
    """Names the end user to the provider without saying who it is."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
