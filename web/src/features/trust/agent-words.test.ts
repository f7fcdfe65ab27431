import { expect, it } from "vitest";
import { agentInWords } from "./agent-words";

it("says which browser on which system, and the first word of a program's name", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";
  const safari =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";
  expect([chrome, safari, "python-httpx/0.29.1", ""].map(agentInWords)).toEqual([
    "Chrome on Linux",
    "Safari on macOS",
    "python-httpx/0.29.1",
    "unknown",
  ]);
});
