/** The filters over the event log that people ask for most; any other name can stand in the address. */
export const eventKinds = [
  { value: "", name: "All" },
  { value: "asset.viewed", name: "Viewed" },
  { value: "asset.streamed", name: "Streamed" },
  { value: "asset.downloaded", name: "Downloaded" },
  { value: "asset.exported", name: "Exported" },
  { value: "rights.declared", name: "Rights" },
  { value: "login.started", name: "Log-ins" },
] as const;

export type EventKind = (typeof eventKinds)[number]["value"];

export function kindOf(name: string | undefined): EventKind {
  return eventKinds.find((kind) => kind.value === name)?.value ?? "";
}
