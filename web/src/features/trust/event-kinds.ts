/** The filters over the event log that people ask for most; any other name can stand in the address. */
export const eventKinds = [
  { value: "", name: "All" },
  { value: "asset.viewed", name: "Viewed" },
  { value: "asset.streamed", name: "Streamed" },
  { value: "asset.downloaded", name: "Downloaded" },
  { value: "asset.exported", name: "Exported" },
  { value: "rights.", name: "Rights" },
  { value: "consent.", name: "Consents" },
  { value: "login.", name: "Log-ins" },
] as const;

export type EventKind = (typeof eventKinds)[number]["value"];

/** null for a name that is none of these. */
export function kindOf(name = ""): EventKind | null {
  return eventKinds.find((kind) => kind.value === name)?.value ?? null;
}
