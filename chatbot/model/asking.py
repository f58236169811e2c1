"""Asking the model: one connection, a limit in seconds for all of it, and an answer of the right shape or none.

Imported with the first message that is asked about: the libraries behind it take seconds and tens of megabytes.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Coroutine
from functools import lru_cache
from typing import Any, TypeVar

import httpx2
from openai import AsyncOpenAI
from pydantic import BaseModel, ValidationError
from pydantic_ai import (
    Agent,
    DeferredToolRequests,
    DeferredToolResults,
    ExternalToolset,
    ModelSettings,
    ToolDefinition,
    ToolOutput,
    UsageLimits,
)
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from chatbot.model.shapes import Tools
from clinic.language_model import LanguageModel

for _name in ("openai", "httpx2", "httpcore2", "pydantic_ai"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # below that they write down what was said

LONGEST_ANSWER = 64 * 1024  # bytes
MOST_TOKENS = 500  # of one answer
MOST_LOOKS = 4  # tool calls in one answer
_ROUNDS = 2

Shape = TypeVar("Shape", bound=BaseModel)


class BadAnswer(Exception):
    """What came is no answer: not offered, of another shape, or too much."""


def ask(model: LanguageModel, instructions: str, said: str, shape: type[Shape], tools: Tools, *, until: float) -> Shape:
    """The model's answer; `until` is a moment of `time.monotonic`. Raises whatever goes wrong, `BadAnswer` among it.

    Blocks the thread that asks, which must have no event loop running.
    """
    agent = _agent(shape, tuple(tools), instructions)
    prompt: str | None = said
    history, results = None, None
    for looking in range(_ROUNDS):
        run = _once(model, agent, prompt, history, results, until - time.monotonic())
        if isinstance(run.output, shape):
            return run.output
        if not isinstance(run.output, DeferredToolRequests) or looking + 1 == _ROUNDS:
            break
        calls = run.output.calls
        if len(calls) > MOST_LOOKS or run.output.approvals:
            break
        results = DeferredToolResults(calls={call.tool_call_id: _looked_up(call, tools) for call in calls})
        prompt, history = None, run.all_messages()
    raise BadAnswer


def _looked_up(call: Any, tools: Tools) -> str:
    for shape, do in tools.items():
        if shape.__name__ == call.tool_name:
            try:
                return do(shape.model_validate(call.args_as_dict()))
            except ValidationError as error:
                raise BadAnswer from error
    raise BadAnswer


@lru_cache(maxsize=8)
def _agent(shape: type[BaseModel], tools: tuple[type[BaseModel], ...], instructions: str) -> Agent[Any, Any]:
    offered = ExternalToolset[Any](
        [
            ToolDefinition(
                name=one.__name__, description=one.__doc__ or "", parameters_json_schema=one.model_json_schema()
            )
            for one in tools
        ]
    )
    answer = ToolOutput(shape, name=shape.__name__, max_retries=0)
    return Agent(
        output_type=[answer, DeferredToolRequests] if tools else [answer],
        instructions=instructions,
        toolsets=[offered] if tools else [],
        retries=0,
        name="chatbot",
    )


def _once(
    model: LanguageModel, agent: Agent[Any, Any], prompt: str | None, history: Any, results: Any, seconds: float
) -> Any:
    async def run() -> Any:
        async with asyncio.timeout(seconds):
            # A client for each call: its connections belong to the loop, which ends with the call.
            limited = _Limited(httpx2.AsyncHTTPTransport(verify=_tls()))
            async with httpx2.AsyncClient(transport=limited, follow_redirects=False, timeout=seconds) as http:
                client = AsyncOpenAI(base_url=model.url, api_key=model.key or "none", max_retries=0, http_client=http)
                provider = OpenAICompatibleProvider("configured", openai_client=client)
                return await agent.run(
                    prompt,
                    model=OpenAIChatModel(model.name, provider=provider),
                    message_history=history,
                    deferred_tool_results=results,
                    model_settings=ModelSettings(max_tokens=MOST_TOKENS, temperature=0, timeout=seconds),
                    usage_limits=UsageLimits(request_limit=1),
                )

    if seconds <= 0:
        raise TimeoutError
    return _run(run())


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """As `asyncio.run`, but for what waits for threads: a name that is looked up outlasts no limit here."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        if left := asyncio.all_tasks(loop):
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Limited(httpx2.AsyncBaseTransport):
    """Reads no more of an answer than an answer can have, and nothing that grows when it is unpacked."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise BadAnswer
        response.stream = _Counted(response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for chunk in self._inner:
            read += len(chunk)
            if read > LONGEST_ANSWER:
                raise BadAnswer
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
