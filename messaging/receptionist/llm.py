"""The only caller of a model: chat completions of any server that speaks OpenAI's protocol."""

import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

import openai
from django.conf import settings

from clinics import tenancy, vault
from messaging import budget, language_model
from messaging.language_model import KEY_IN_VAULT
from messaging.providers.reading import clean

MOST_COUNTED = 10**8  # tokens of one answer: what a server says beyond is no count
CODE = re.compile(r"[a-z][a-z_]{0,40}")


class Unavailable(Exception):
    """No answer to be had from the model: a fault, a refusal, or too late. ``free``: it cost nothing for certain."""

    def __init__(self, why: str, *, free: bool = False):
        self.free = free
        super().__init__(why)


class Spent(Unavailable):
    """It was not asked: the month's budget is used up."""


@dataclass(frozen=True)
class Access:
    key: str
    base_url: str
    model: str
    temperature: Decimal | None = None
    price: budget.Price | None = None
    most: budget.Most = budget.Most()


@dataclass(frozen=True)
class Said:
    text: str
    calls: list  # of (id, name, arguments as a JSON string)
    message: dict  # as it goes back into the talk
    counted: tuple[int, int] | None  # tokens given and answered, where the server says
    finish: str = ""

    @property
    def tokens(self) -> int:
        return sum(self.counted or ())


@tenancy.atomic
def configured() -> Access | None:
    key = vault.get(KEY_IN_VAULT, purpose="model", legacy="OPENAI_API_KEY")
    if not key:
        return None
    chosen = language_model.chosen()
    return Access(key, settings.OPENAI_BASE_URL, chosen.model, chosen.temperature, chosen.price, chosen.most)


@lru_cache(maxsize=16)
def _client(key: str, base_url: str) -> openai.OpenAI:
    return openai.OpenAI(api_key=key, base_url=base_url, max_retries=1, timeout=settings.MODEL_TIMEOUT)


@cache
def tool_schema(tool) -> dict:
    return openai.pydantic_function_tool(tool.arguments, name=tool.name, description=tool.description)


def complete(access: Access, *, talk: list[dict], tools: list[dict], deadline: float, who: str) -> Said:
    """One call. ``deadline`` is of `time.monotonic`; past it, or on any fault, Unavailable."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unavailable("deadline", free=True)
    timeout = min(settings.MODEL_TIMEOUT, left)
    client = _client(access.key, access.base_url).with_options(
        timeout=timeout, max_retries=1 if left > 2 * timeout else 0
    )
    more = {} if access.temperature is None else {"temperature": float(access.temperature)}
    try:
        answer = client.chat.completions.create(
            model=access.model, messages=talk, tools=tools, parallel_tool_calls=False, safety_identifier=_who(who),
            **more,
        )  # fmt: skip
        return _said(answer)
    except openai.APIStatusError as fault:
        raise Unavailable(_named(fault), free=True) from fault
    except openai.OpenAIError as fault:
        raise Unavailable(type(fault).__name__) from fault
    except (AttributeError, IndexError, TypeError, ValueError) as fault:
        raise Unavailable("malformed answer") from fault


def _named(fault: openai.APIStatusError) -> str:
    """Its kind, and the provider's code where that is a word: `NotFoundError:model_not_found`."""
    code = fault.code if isinstance(fault.code, str) and CODE.fullmatch(fault.code) else ""
    return f"{type(fault).__name__}:{code}" if code else type(fault).__name__


def _said(answer) -> Said:
    choice = answer.choices[0]
    message, text = choice.message, clean(choice.message.content)
    calls = [clean([call.id, call.function.name, call.function.arguments]) for call in message.tool_calls or []]
    back = {"role": "assistant", "content": text}
    if calls:
        back["tool_calls"] = [
            {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
            for call_id, name, arguments in calls
        ]
    return Said(text or "", calls, back, _counted(answer.usage), clean(str(choice.finish_reason or ""))[:40])


def _counted(usage) -> tuple[int, int] | None:
    found = (getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
    return found if all(type(one) is int and 0 <= one <= MOST_COUNTED for one in found) else None


def as_sent(access: Access, *, talk: list[dict], tools: list[dict]) -> bytes:
    """What is asked, in one form: the same bytes for the same question."""
    asked = [access.model, str(access.temperature), talk, tools]
    return json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _who(text: str) -> str:
    """Names the end user to the provider without saying who it is."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
